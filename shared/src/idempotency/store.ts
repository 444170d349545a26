/**
 * Remembers which operations have been done, by a key that names the operation: an
 * Idempotency-Key header, an order's id. A claim that is neither completed nor released, since the
 * instance died, expires after the store's own time and can be claimed again.
 */
export interface IdempotencyStore {
  /** Takes the key for the caller alone, or says who has been there before. */
  claim(key: string): Promise<KeyState>;
  /** The claimed operation is done: every later claim of the key gets `result`, a value that JSON can hold. */
  complete(key: string, result?: unknown): Promise<void>;
  /** The claimed operation failed without effect: the key may be claimed again at once. */
  release(key: string): Promise<void>;
}

/** How a caller finds a key. */
export type KeyState =
  /** The caller's: run the operation, then `complete` or `release` the key. `attempt` counts the claims since the key was last completed, this one included, where the store knows. */
  | { state: 'claimed'; attempt?: number }
  /** Done before, with that result. */
  | { state: 'completed'; result: unknown }
  /** Another caller is at it. */
  | { state: 'in-progress' };
