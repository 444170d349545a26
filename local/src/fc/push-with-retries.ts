import type { Clock, Timer } from '../clock.ts';
import { type NotifyStrategy, retryDelayMs } from '../retry-schedule.ts';

export interface PushOptions {
  clock: Clock;
  strategy: NotifyStrategy;
  signal: AbortSignal;
  /** Called before each wait. */
  onFailure?(error: unknown, delayMs: number): void;
}

/**
 * Retries until it succeeds. Rejects with the last error when the strategy is exhausted, or when
 * aborted.
 */
export async function pushWithRetries(
  attempt: () => Promise<void>,
  push: PushOptions,
): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const delayMs = retryDelayMs(push.strategy, failures);
      if (delayMs === undefined || push.signal.aborted) throw error;
      push.onFailure?.(error, delayMs);
      await pause(push.clock, delayMs, push.signal);
      if (push.signal.aborted) throw error;
    }
  }
}

/** Resolves after `ms`, or when aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: Timer | undefined;
    const done = (): void => {
      signal.removeEventListener('abort', done);
      timer?.cancel();
      resolve();
    };
    signal.addEventListener('abort', done);
    timer = clock.after(ms, done);
  });
}
