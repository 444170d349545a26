import { type Clock, sleep, systemClock } from '../clock/clock.ts';
import { isTransient } from '../errors/errors.ts';

export interface RetryOptions {
  clock?: Clock;
  /** How often it is sent again; default 4. */
  retries?: number;
  /** Pause before the first of them, in milliseconds; doubled each time, half of it random. Default 100. */
  firstPauseMs?: number;
  /** Stops retrying when it fires; the last error is thrown. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs `send` again after a ServiceError that is `retryable`, with growing pauses, and throws the last
 * error. `send` gets the number of earlier tries: from the second try on, the one before may have been
 * carried out and only its answer lost.
 */
export async function retrying<Result>(
  send: (before: number) => Promise<Result>,
  { clock = systemClock, retries = 4, firstPauseMs = 100, signal }: RetryOptions = {},
): Promise<Result> {
  for (let before = 0; ; before++) {
    try {
      return await send(before);
    } catch (error) {
      if (!isTransient(error) || before >= retries) throw error;
      await sleep(clock, firstPauseMs * 2 ** before * (0.5 + Math.random() / 2), signal);
      if (signal?.aborted) throw error;
    }
  }
}
