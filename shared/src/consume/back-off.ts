import { MAX_VISIBILITY_SECONDS, MIN_VISIBILITY_SECONDS } from '../smq/limits.ts';

export interface BackOff {
  /** Seconds after the first failure; default 5. */
  firstSeconds?: number;
  /** Maximum in seconds; default 900. SMQ's own limit is 43,200. */
  maxSeconds?: number;
}

const FIRST_SECONDS = 5;
const MAX_SECONDS = 900;

/**
 * Returns the seconds until a failed message is received again. They double with each receive up to the
 * maximum, and the second half is random, so that messages that failed together do not come back together.
 */
export function backOffSeconds(
  dequeueCount: number,
  { firstSeconds = FIRST_SECONDS, maxSeconds = MAX_SECONDS }: BackOff = {},
  random: () => number = Math.random,
): number {
  const doubled = Math.min(maxSeconds, firstSeconds * 2 ** Math.max(0, dequeueCount - 1));
  const jittered = Math.round(doubled * (0.5 + random() / 2));
  return Math.min(MAX_VISIBILITY_SECONDS, Math.max(MIN_VISIBILITY_SECONDS, jittered));
}
