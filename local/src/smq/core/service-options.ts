import type { Clock } from '../../clock.ts';
import { DataNotWritten } from '../../data/not-written.ts';
import type { Push } from './delivery.ts';
import type { Store } from './store.ts';

export interface ServiceOptions {
  clock: Clock;
  store: Store;
  accountId: string;
  /** Region of the account, for the ARNs in dead letters; default cn-hangzhou. */
  region?: string | undefined;
  /**
   * After a change of visibility, refuses the handle of the receive (as documented) instead of
   * accepting both.
   */
  strictHandles?: boolean | undefined;
  /**
   * How many receivers may wait at one queue at the same time; one more gets an empty answer
   * immediately. Default 1000.
   */
  longPolls?: number | undefined;
  /** Posts to HTTP endpoints; absent: their notifications are undeliverable. */
  push?: Push | undefined;
  /**
   * Called when a write that no request waits for has failed: an expiry or a move to a dead-letter
   * queue.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** Prints an error; a data folder that cannot be written to has already been reported. */
export function reportError(error: unknown): void {
  if (error instanceof DataNotWritten) return;
  console.error('SMQ could not write to its store:', error);
}
