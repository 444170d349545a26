import type { Clock, Timer } from '../clock/clock.ts';
import { AppError, hasCode } from '../errors/errors.ts';
import type { Log } from '../log/log.ts';
import { MAX_VISIBILITY_SECONDS } from '../smq/limits.ts';
import type { Queue } from '../smq/queue.ts';
import type { Message } from '../smq/types.ts';

export interface LeaseOptions {
  clock: Clock;
  log: Log;
  /** Whether the lease is extended until it is released. */
  heartbeat: boolean;
}

/** What a message is deleted or given back with. */
export interface Receipt {
  handle: string;
  /** When the handle becomes void, by this machine's clock. */
  ends: number;
}

/** Minimum time between two tries to extend; a quarter of the lease, if the lease is shorter than four times this. */
const MIN_PAUSE_MS = 1000;

/**
 * The lease of a received message. The heartbeat extends it by its own length when half of it is over,
 * always by the newest receipt handle. A lease that has ended (SMQ says so, or its time is up without an
 * extension) is lost for good: the signal fires, and the message belongs to its next receiver.
 */
export class Lease {
  readonly #queue: Queue;
  readonly #options: LeaseOptions;
  readonly #controller = new AbortController();
  readonly #length: number;
  #receipt: Receipt;
  #end: Timer;
  #beat: Timer | undefined;
  #extending: Promise<void> | undefined;
  #released = false;
  #lost = false;

  constructor(queue: Queue, message: Message, options: LeaseOptions) {
    this.#queue = queue;
    this.#options = options;
    const now = options.clock.now();
    this.#length = lengthOf(message, now);
    this.#receipt = { handle: message.receiptHandle, ends: now + this.#length };
    this.#end = this.#loseAt(this.#receipt.ends);
    this.#schedule();
  }

  /** Fires when the lease is lost, or when the work is aborted. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Fires the handler's signal. The lease stays. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Ends the heartbeat. Resolves to the newest receipt, or undefined when the lease is lost. */
  async release(): Promise<Receipt | undefined> {
    this.#released = true;
    this.#beat?.cancel();
    await this.#extending;
    this.#end.cancel();
    return this.#lost ? undefined : this.#receipt;
  }

  #schedule(): void {
    if (!this.#options.heartbeat || this.#released || this.#lost) return;
    const left = this.#receipt.ends - this.#options.clock.now();
    const pause = Math.max(left / 2, Math.min(MIN_PAUSE_MS, this.#length / 4));
    if (pause >= left) return; // the end comes first
    this.#beat = this.#options.clock.after(pause, () => {
      this.#extending = this.#extend();
    });
  }

  async #extend(): Promise<void> {
    const { clock, log } = this.#options;
    const seconds = Math.min(MAX_VISIBILITY_SECONDS, Math.ceil(this.#length / 1000));
    const start = clock.now();
    try {
      const changed = await this.#queue.changeVisibility(this.#receipt.handle, seconds);
      if (this.#lost) return; // the answer came too late: the handler's signal has fired
      this.#receipt = { handle: changed.receiptHandle, ends: start + seconds * 1000 };
      this.#end.cancel();
      this.#end = this.#loseAt(this.#receipt.ends);
    } catch (error) {
      if (hasCode(error, 'MessageNotExist') || hasCode(error, 'ReceiptHandleError'))
        return this.#lose(error);
      log.warn({ error }, 'Lease not extended');
    }
    this.#schedule();
  }

  #loseAt(ends: number): Timer {
    return this.#options.clock.after(ends - this.#options.clock.now(), () => this.#lose());
  }

  #lose(cause?: Error): void {
    this.#lost = true;
    this.#end.cancel();
    const options = { code: 'LeaseLost', cause };
    this.#controller.abort(new AppError('Lease of the message has ended', options));
  }
}

/**
 * Milliseconds of a lease that has just begun. On the first receive they follow from SMQ's own times; later
 * only from the difference between two clocks.
 */
function lengthOf({ dequeueCount, firstDequeueTime, nextVisibleTime }: Message, now: number) {
  const start = dequeueCount === 1 ? firstDequeueTime : now;
  return Math.max(1000, nextVisibleTime - start);
}
