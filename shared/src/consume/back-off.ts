export interface BackOff {
  /** Seconds after the first failure; default 5. */
  firstSeconds?: number;
  /** Seconds at most; default 900. SMQ's own limit is 43,200. */
  mostSeconds?: number;
}

const FIRST_SECONDS = 5;
const MOST_SECONDS = 900;
/** What SMQ takes as a visibility timeout. */
const SHORTEST = 1;
const LONGEST = 43_200;

/** Seconds until a message that has failed is received again: doubled with each receive up to the cap, the second half of it at random, so that what failed together does not come back together. */
export function backOffSeconds(
  dequeueCount: number,
  { firstSeconds = FIRST_SECONDS, mostSeconds = MOST_SECONDS }: BackOff = {},
  random: () => number = Math.random,
): number {
  const doubled = Math.min(mostSeconds, firstSeconds * 2 ** Math.max(0, dequeueCount - 1));
  const jittered = Math.round(doubled * (0.5 + random() / 2));
  return Math.min(LONGEST, Math.max(SHORTEST, jittered));
}
