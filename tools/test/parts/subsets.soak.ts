import { it } from 'vitest';
import { addsInPlace, holds, leavesNothing } from './holds.ts';
import { PAIRS, randomSubsets, SEED } from './subsets.ts';

it('gives the same files created and removed down to, for each two', async () => {
  for (const subset of PAIRS) await holds(subset);
});

it('leaves nothing of a function that is added and removed, and adds it in its place, for each two', () => {
  for (const pair of PAIRS) {
    leavesNothing(pair);
    addsInPlace(pair);
  }
});

it(`gives the same files for 40 subsets by chance (SUBSET_SEED=${SEED})`, async () => {
  for (const subset of randomSubsets(40)) await holds(subset);
});
