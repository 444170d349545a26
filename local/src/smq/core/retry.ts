import { randomInt } from 'node:crypto';
import type { NotifyStrategy } from './subscription.ts';

/** BACKOFF_RETRY: three more tries, each after a random 10 to 20 seconds. */
const BACKOFF_RETRIES = 3;
const BACKOFF_MS = { low: 10_000, high: 20_000 };
/** EXPONENTIAL_DECAY_RETRY: 176 more tries, after 1, 2, 4 … 256 seconds and then 167 times 512: a day in all. */
const DECAY_RETRIES = 176;
const LONGEST_DECAY_MS = 512_000;

/** Milliseconds from a failed try to the next, `failed` of them so far; undefined when there is no next. */
export function retryDelay(strategy: NotifyStrategy, failed: number): number | undefined {
  if (strategy === 'BACKOFF_RETRY')
    return failed > BACKOFF_RETRIES ? undefined : randomInt(BACKOFF_MS.low, BACKOFF_MS.high + 1);
  if (failed > DECAY_RETRIES) return undefined;
  return Math.min(1000 * 2 ** (failed - 1), LONGEST_DECAY_MS);
}
