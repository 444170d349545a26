import { Heap } from './heap.ts';
import type { Message } from './message.ts';

interface Place {
  readonly message: Message;
  slot: number;
}

/**
 * Messages of a queue that are older than one that arrived before them: dead letters, which keep
 * their sending time. Those that arrive in order of age cost nothing here.
 */
export class Latecomers {
  readonly #places = new Map<Message, Place>();
  readonly #byAge = new Heap<Place>(
    (a, b) => a.message.content.enqueueTime < b.message.content.enqueueTime,
  );
  #newest = Number.NEGATIVE_INFINITY;

  /** Call with every message that arrives. */
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

  /** Call with every message that leaves. */
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
