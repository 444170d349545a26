import type { Clock } from '../../clock.ts';

interface Waiter<T> {
  /** The maximum number of items it accepts. */
  max: number;
  settle(items: T[]): void;
  fail(error: Error): void;
}

/**
 * Receivers that wait for items, first come first served. Nothing polls: the owner of items hands
 * them to `first`.
 */
export class Waiters<T> {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #waiting = new Set<Waiter<T>>();

  /** At most `limit` wait at the same time. */
  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  first(): Pick<Waiter<T>, 'max' | 'settle'> | undefined {
    if (this.#waiting.size === 0) return undefined;
    const [first] = this.#waiting;
    return first;
  }

  /**
   * Resolves to the items it is handed, or to an empty list after `ms` milliseconds, when `signal`
   * aborts, or at once when too many already wait.
   */
  wait(max: number, ms: number, signal: AbortSignal | undefined): Promise<T[]> {
    if (signal?.aborted || this.#waiting.size >= this.#limit) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        timer.cancel();
        signal?.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => waiter.settle([]);
      const waiter: Waiter<T> = {
        max,
        settle(items) {
          leave();
          resolve(items);
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      const timer = this.#clock.after(ms, giveUp);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** Ends every wait: with an empty list, or with the error. */
  end(error?: Error): void {
    for (const waiter of [...this.#waiting]) {
      if (error) waiter.fail(error);
      else waiter.settle([]);
    }
  }
}
