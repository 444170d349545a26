import { randomInt } from 'node:crypto';
import { NAMES } from './catalog.ts';

export type Subset = readonly string[];

/** The seed of the random subsets, printed so that a failure can be repeated: SUBSET_SEED=<number>. */
export const SEED = Number(process.env.SUBSET_SEED ?? randomInt(2 ** 31));

/** Each function alone, and each two of them. */
export const SINGLES: Subset[] = NAMES.map((name) => [name]);
export const PAIRS: Subset[] = NAMES.flatMap((one, index) =>
  NAMES.slice(index + 1).map((other) => [one, other]),
);

/** Each function and the next, so that each comes before one and after one; all pairs are in the long tests. */
export const NEIGHBOURS: Subset[] = NAMES.map((name, index) => [
  name,
  NAMES[(index + 1) % NAMES.length] ?? name,
]);

/** Returns that many random subsets, of any size except none and all. */
export function randomSubsets(count: number, seed = SEED): Subset[] {
  const next = generator(seed);
  return Array.from({ length: count }, () => {
    const size = 1 + Math.floor(next() * (NAMES.length - 1));
    const order = NAMES.map((name) => ({ name, rank: next() })).toSorted((a, b) => a.rank - b.rank);
    const chosen = order.slice(0, size).map(({ name }) => name);
    return NAMES.filter((name) => chosen.includes(name));
  });
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
