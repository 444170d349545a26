import type { Log } from '../log/log.ts';
import type { IdempotencyStore } from './store.ts';

/** The outcome of an operation that runs once for its key. */
export type IdempotentOutcome<Result> =
  /** This call ran it. */
  | { state: 'done'; result: Result }
  /** It was run before, with that result. */
  | { state: 'completed'; result: unknown }
  /** Another caller is running it. */
  | { state: 'in-progress' };

/**
 * Runs `work` once for its key, however often and from wherever it is called, and remembers its result, a
 * value that JSON can hold. `work` gets the number of this try if the store counts. When it throws, the key
 * is released and the error rethrown, so that the next call tries again. A result that cannot be stored is
 * logged and returned all the same: running the work again would repeat its effect.
 */
export async function idempotent<Result>(
  store: IdempotencyStore,
  key: string,
  work: (attempt: number | undefined) => Promise<Result>,
  log?: Pick<Log, 'warn' | 'error'>,
): Promise<IdempotentOutcome<Result>> {
  const found = await store.claim(key);
  if (found.state !== 'claimed') return found;
  let result: Result;
  try {
    result = await work(found.attempt);
  } catch (error) {
    // If it is not released, it expires, only later.
    await store.release(key).catch((reason) => log?.warn({ key, error: reason }, 'Not released'));
    throw error;
  }
  await store
    .complete(key, result)
    .catch((error) => log?.error({ key, error }, 'Done and not remembered'));
  return { state: 'done', result };
}
