import { randomInt } from 'node:crypto';

/** The two strategies by which the services retry the delivery of a notification or an event. */
export const NOTIFY_STRATEGIES = ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'] as const;
export type NotifyStrategy = (typeof NOTIFY_STRATEGIES)[number];

const MAX_BACKOFF_RETRIES = 3;
const BACKOFF_MS = { low: 10_000, high: 20_000 };
const MAX_DECAY_RETRIES = 176;
const MAX_DECAY_MS = 512_000;

/**
 * Returns how many milliseconds pass between a failed attempt and the next one; undefined when
 * there is no next one. `failures` is the number of failed attempts so far, at least 1.
 * BACKOFF_RETRY makes three more attempts, each after 10 to 20 seconds at random, so that
 * deliveries that failed together do not return together. EXPONENTIAL_DECAY_RETRY makes 176 more,
 * after 1, 2, 4 … 256 seconds and then 167 times after 512, which is a day in total.
 */
export function retryDelayMs(strategy: NotifyStrategy, failures: number): number | undefined {
  if (strategy === 'BACKOFF_RETRY')
    return failures > MAX_BACKOFF_RETRIES
      ? undefined
      : randomInt(BACKOFF_MS.low, BACKOFF_MS.high + 1);
  if (failures > MAX_DECAY_RETRIES) return undefined;
  return Math.min(1000 * 2 ** (failures - 1), MAX_DECAY_MS);
}
