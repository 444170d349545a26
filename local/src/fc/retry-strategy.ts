import type { Clock, Timer } from '../clock.ts';
import type { NotifyStrategy } from '../project/types.ts';

const SECOND = 1000;

const BACKOFF_RETRIES = 3;
/** Documented as 10 to 20 seconds apart, at random; here always in between, so that a driven clock meets it. */
const BACKOFF_MS = 15 * SECOND;

const DECAY_RETRIES = 176;
const LONGEST_DECAY_MS = 512 * SECOND;

/** Milliseconds before each retry. BACKOFF_RETRY: three, 15 seconds apart. EXPONENTIAL_DECAY_RETRY: 176, after 1, 2, 4 … 512 seconds and then every 512, which is a day. */
export function retryDelays(strategy: NotifyStrategy): number[] {
  if (strategy === 'BACKOFF_RETRY') return Array(BACKOFF_RETRIES).fill(BACKOFF_MS);
  return Array.from({ length: DECAY_RETRIES }, (_, nth) =>
    Math.min(2 ** nth * SECOND, LONGEST_DECAY_MS),
  );
}

export interface Push {
  clock: Clock;
  strategy: NotifyStrategy;
  signal: AbortSignal;
  /** Called before each wait. */
  onFailure?(error: unknown, delayMs: number): void;
}

/** Attempts until it succeeds. Rejects with the last error when the strategy is at its end, or when aborted. */
export async function pushWithRetries(attempt: () => Promise<void>, push: Push): Promise<void> {
  for (const delay of [...retryDelays(push.strategy), undefined]) {
    try {
      return await attempt();
    } catch (error) {
      if (delay === undefined || push.signal.aborted) throw error;
      push.onFailure?.(error, delay);
      await pause(push.clock, delay, push.signal);
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
