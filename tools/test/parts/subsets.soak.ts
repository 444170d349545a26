import { it } from 'vitest';
import { holds } from './holds.ts';
import { PAIRS, randomSubsets, SEED } from './subsets.ts';

it('gives the same files created and removed down to, for each two', async () => {
  for (const subset of PAIRS) await holds(subset);
});

it(`does so for 40 subsets by chance (SUBSET_SEED=${SEED})`, async () => {
  for (const subset of randomSubsets(40)) await holds(subset);
});
