import type { Log } from '../log/log.ts';
import type { IdempotencyStore } from './store.ts';

/** What came of an operation that runs once for its key. */
export type IdempotentOutcome<Result> =
  /** It has been run, by this call. */
  | { state: 'done'; result: Result }
  /** It was run before, and gave that. */
  | { state: 'completed'; result: unknown }
  /** Another caller is at it. */
  | { state: 'in-progress' };

/**
 * Runs `work` once for its key, however often and from wherever it is asked for, and remembers its
 * result, a value that JSON can hold. `work` is given the number of this try where the store counts.
 * What it throws is thrown on, with the key released, so that the next call tries again. A result
 * that cannot be remembered is logged and given all the same: running the work again would do what
 * it does a second time.
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
    // Unreleased it expires, only later.
    await store.release(key).catch((reason) => log?.warn({ key, error: reason }, 'Not released'));
    throw error;
  }
  await store
    .complete(key, result)
    .catch((error) => log?.error({ key, error }, 'Done and not remembered'));
  return { state: 'done', result };
}
