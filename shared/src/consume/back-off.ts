import { MAX_VISIBILITY_SECONDS, MIN_VISIBILITY_SECONDS } from '../smq/limits.ts';

export interface BackOff {
  /** Seconds after the first failure; default 5. */
  firstSeconds?: number;
  /** Seconds at most; default 900. SMQ's own limit is 43,200. */
  maxSeconds?: number;
}

const FIRST_SECONDS = 5;
const MAX_SECONDS = 900;

/** Seconds until a message that has failed is received again: doubled with each receive up to the cap, the second half of it at random, so that what failed together does not come back together. */
export function backOffSeconds(
  dequeueCount: number,
  { firstSeconds = FIRST_SECONDS, maxSeconds = MAX_SECONDS }: BackOff = {},
  random: () => number = Math.random,
): number {
  const doubled = Math.min(maxSeconds, firstSeconds * 2 ** Math.max(0, dequeueCount - 1));
  const jittered = Math.round(doubled * (0.5 + random() / 2));
  return Math.min(MAX_VISIBILITY_SECONDS, Math.max(MIN_VISIBILITY_SECONDS, jittered));
}
