import { setTimeout as wait } from 'node:timers/promises';
import { ServiceError } from '../../errors.ts';

/** Times a request is sent again after a failure that may pass. */
const RETRIES = 3;
/** Before the first of them; each pause is up to twice the one before. */
const FIRST_PAUSE_MS = 100;

/** Runs `send` again after a retryable ServiceError (5xx, throttling, a lost connection, a wrong checksum), which ali-oss does not do. Ends early, with the last error, when `signal` fires. */
export async function retrying<Result>(
  send: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  for (let failures = 0; ; failures++) {
    try {
      return await send();
    } catch (error) {
      const again = error instanceof ServiceError && error.retryable && failures < RETRIES;
      if (!again || signal?.aborted) throw error;
      const pause = FIRST_PAUSE_MS * 2 ** failures * (0.5 + Math.random() / 2);
      await wait(pause, undefined, signal && { signal }).catch(() => {});
      if (signal?.aborted) throw error;
    }
  }
}

/** What `work` gives, unless `signal` fires first: then its reason is thrown, and `work` left alone. */
export async function unlessStopped<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return work;
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
