/**
 * Remembers which operations are done, by a key that names the operation: an Idempotency-Key header, an
 * order's id. A claim that is neither completed nor released, because the instance died, expires after the
 * store's own time and can be claimed again.
 */
export interface IdempotencyStore {
  /** Claims the key exclusively, or reports it as completed or in progress. */
  claim(key: string): Promise<KeyState>;
  /** Marks the claimed operation as done: every later claim of the key gets `result`, a value that JSON can hold. */
  complete(key: string, result?: unknown): Promise<void>;
  /** Releases a key whose operation failed without effect: it may be claimed again at once. */
  release(key: string): Promise<void>;
}

/** The state in which a caller finds a key. */
export type KeyState =
  /**
   * Claimed by the caller: run the operation, then `complete` or `release` the key. `attempt` counts the
   * claims since the key was last completed, including this one, if the store knows.
   */
  | { state: 'claimed'; attempt?: number }
  /** Done before, with that result. */
  | { state: 'completed'; result: unknown }
  /** Another caller is running it. */
  | { state: 'in-progress' };
