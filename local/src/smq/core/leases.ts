import type { Clock } from '../../clock.ts';
import type { Lease, Message, ReceivedMessage } from './message.ts';
import type { MessageSet } from './message-set.ts';
import { nextLease, writeReceipt } from './receipt.ts';
import type { Store } from './store.ts';
import { leaseChange } from './stored-messages.ts';
import { received } from './views.ts';

export interface LeasesOptions {
  clock: Clock;
  store: Store;
  queue: { readonly id: number; readonly name: string };
  messages: MessageSet;
  /** Called after leases were made or undone: the time of the next due message may have changed. */
  onChange(): void;
}

/** A message that was just leased. */
export interface Taken {
  received: ReceivedMessage;
  /** Resolves when its lease is stored, together with those taken with it. */
  kept: Promise<void>;
}

/** A changed lease: its new handle and its end. */
export interface ChangedLease {
  receiptHandle: string;
  nextVisibleTime: number;
}

/** A message with a new lease, and its previous lease. */
interface Leased {
  message: Message;
  before: Lease;
}

/**
 * Leases the messages of one queue: first in memory, so that no other receiver gets the same
 * message; restores the previous lease when the new one cannot be written.
 */
export class Leases {
  readonly #options: LeasesOptions;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /**
   * Leases the next messages, each for `seconds`, and begins to write that in the same turn: what
   * another request does with them is written, and undone, in that order.
   */
  take(max: number, seconds: number): Taken[] {
    const { clock, messages, queue } = this.#options;
    const leased: Leased[] = [];
    const got: ReceivedMessage[] = [];
    for (let next = messages.next(); next; next = messages.next()) {
      if (leased.length >= max) break;
      leased.push({ message: next, before: next.lease });
      messages.lease(next, nextLease(next.lease, clock.now(), seconds));
      got.push(received(next, writeReceipt(next, queue.name)));
    }
    if (leased.length === 0) return [];
    const kept = this.#keep(leased);
    return got.map((received) => ({ received, kept }));
  }

  /** Begins a new lease of that many seconds, with a new handle; resolves when it is stored. */
  async change(message: Message, seconds: number): Promise<ChangedLease> {
    const { clock, messages, queue } = this.#options;
    const start = clock.now();
    const visibleAt = start + seconds * 1000;
    const before = message.lease;
    messages.lease(message, { ...before, start, visibleAt, changes: before.changes + 1 });
    const answer = {
      receiptHandle: writeReceipt(message, queue.name),
      nextVisibleTime: visibleAt,
    };
    await this.#keep([{ message, before }]);
    return answer;
  }

  #keep(leased: readonly Leased[]): Promise<void> {
    const { store, queue, onChange } = this.#options;
    onChange();
    const changes = leased.map(({ message }) => leaseChange(queue.id, message));
    return store.commit(changes, () => this.#giveBack(leased));
  }

  #giveBack(leased: readonly Leased[]): void {
    const { messages, onChange } = this.#options;
    for (const { message, before } of leased)
      if (messages.has(message)) messages.giveBack(message, before);
    onChange();
  }
}
