import { MAX_BATCH } from '../smq/limits.ts';

/** Receives, and handlers, of which the newest counts as much as all before. */
const RECEIVES = 8;
const HANDLERS = 32;

/**
 * Says how many messages to receive ahead of the handlers, so that one that ends finds the next message
 * there: as many as start while a receive is under way, and a batch more. That is none where a receive
 * takes less time than it takes until the next handler ends, so that no message waits for long: it starts
 * within the time of some twenty receives, and of two handlers.
 */
export class Pace {
  readonly #concurrency: number;
  readonly #receive = new Average(RECEIVES);
  readonly #handler = new Average(HANDLERS);

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Takes in how long a receive took that had no reason to wait for messages. */
  received(ms: number): void {
    this.#receive.add(ms);
  }

  /** Takes in how long a handler took. */
  handled(ms: number): void {
    this.#handler.add(ms);
  }

  /** The most messages to receive ahead, with `left` milliseconds left in which a handler may start. */
  ahead(left: number): number {
    const receiveMs = this.#receive.value;
    const started = Math.round((this.#concurrency * receiveMs) / this.#handler.value);
    if (!(started >= 1)) return 0; // not known yet is not a number
    const ahead = Math.min(started, this.#concurrency) + Math.min(MAX_BATCH, this.#concurrency);
    return receiveMs + 2 * this.#handler.value < left ? ahead : 0;
  }
}

/** A mean of the newest values; NaN without any. */
class Average {
  readonly #most: number;
  #count = 0;
  #value = Number.NaN;

  constructor(most: number) {
    this.#most = most;
  }

  get value(): number {
    return this.#value;
  }

  add(ms: number): void {
    const own = Math.max(0, ms); // the machine's clock may be set back
    this.#count = Math.min(this.#count + 1, this.#most);
    this.#value = this.#count === 1 ? own : this.#value + (own - this.#value) / this.#count;
  }
}
