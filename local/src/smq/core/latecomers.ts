import { Heap } from './heap.ts';
import type { Message } from './message.ts';

interface Place {
  readonly message: Message;
  slot: number;
}

/**
 * The messages of a queue that were sent before one that was there when they came: dead letters,
 * which keep the time at which they were sent. Those that come in order of age cost nothing here.
 */
export class Latecomers {
  readonly #places = new Map<Message, Place>();
  readonly #byAge = new Heap<Place>(
    (a, b) => a.message.content.enqueueTime < b.message.content.enqueueTime,
  );
  #newest = Number.NEGATIVE_INFINITY;

  /** To be called with every message that comes. */
  add(message: Message): void {
    const { enqueueTime } = message.content;
    if (enqueueTime >= this.#newest) {
      this.#newest = enqueueTime;
      return;
    }
    const place = { message, slot: -1 };
    this.#places.set(message, place);
    this.#byAge.add(place);
  }

  /** To be called with every message that goes. */
  remove(message: Message): void {
    const place = this.#places.get(message);
    if (!place) return;
    this.#places.delete(message);
    this.#byAge.remove(place);
  }

  oldest(): Message | undefined {
    return this.#byAge.first()?.message;
  }
}
