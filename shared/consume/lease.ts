import type { Clock, Timer } from '../clock.ts';
import { AppError, hasCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Queue } from '../smq/queue.ts';
import type { Message } from '../smq/types.ts';

export interface LeaseOptions {
  clock: Clock;
  log: Log;
  /** Extend the lease for as long as it is not released. */
  heartbeat: boolean;
}

const SHORTEST_PAUSE_MS = 1000;
const LONGEST_SECONDS = 43_200;

/**
 * A received message's lease. With the heartbeat it is extended by its own length when half of it
 * is over, always by the newest receipt handle. A lease that has ended (SMQ says so, or its time
 * is up without an extension) is lost for good: the signal fires, and the message is another's.
 */
export class Lease {
  readonly #queue: Queue;
  readonly #options: LeaseOptions;
  readonly #controller = new AbortController();
  readonly #seconds: number;
  #handle: string;
  /** By this side's clock. */
  #ends: number;
  #timer: Timer | undefined;
  #extending: Promise<void> | undefined;
  #released = false;
  #lost = false;

  constructor(queue: Queue, message: Message, options: LeaseOptions) {
    this.#queue = queue;
    this.#options = options;
    this.#handle = message.receiptHandle;
    const now = options.clock.now();
    const length = lengthOf(message, now);
    this.#ends = now + length;
    this.#seconds = Math.min(LONGEST_SECONDS, Math.ceil(length / 1000));
    this.#schedule();
  }

  /** Fires when the lease is lost, or when the work is aborted. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Tells the handler to stop. The lease stays. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Ends the heartbeat. Resolves to the newest receipt handle; undefined when the lease is lost. */
  async release(): Promise<string | undefined> {
    this.#released = true;
    this.#timer?.cancel();
    await this.#extending;
    return this.#lost ? undefined : this.#handle;
  }

  #schedule(): void {
    const left = this.#ends - this.#options.clock.now();
    const pause = Math.max(left / 2, Math.min(left, SHORTEST_PAUSE_MS));
    this.#timer = this.#options.clock.after(pause, () => {
      this.#extending = this.#extend();
    });
  }

  async #extend(): Promise<void> {
    const { clock, log, heartbeat } = this.#options;
    const start = clock.now();
    if (start >= this.#ends) return this.#lose();
    if (heartbeat)
      try {
        const { receiptHandle } = await this.#queue.changeVisibility(this.#handle, this.#seconds);
        this.#handle = receiptHandle;
        this.#ends = start + this.#seconds * 1000;
      } catch (error) {
        if (hasCode(error, 'MessageNotExist') || hasCode(error, 'ReceiptHandleError'))
          return this.#lose(error);
        log.warn({ error }, 'Lease not extended');
      }
    if (!this.#released) this.#schedule();
  }

  #lose(cause?: Error): void {
    this.#lost = true;
    const options = { code: 'LeaseLost', cause };
    this.#controller.abort(new AppError('Lease of the message has ended', options));
  }
}

/** Milliseconds of a lease that has just begun. After the first receive SMQ's own times give it; later only the difference of two clocks does. */
function lengthOf({ dequeueCount, firstDequeueTime, nextVisibleTime }: Message, now: number) {
  const start = dequeueCount === 1 ? firstDequeueTime : now;
  return Math.max(1000, nextVisibleTime - start);
}
