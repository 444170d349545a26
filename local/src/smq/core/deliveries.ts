import type { Clock, Timer } from '../../clock.ts';
import { retryDelayMs } from '../../retry-schedule.ts';
import { type Delivery, Undeliverable } from './delivery.ts';
import { Lines } from './lines.ts';
import type { Publication } from './notification.ts';
import type { Change, Store } from './store.ts';

import type { Subscription } from './subscription.ts';

/**
 * Result of an attempt: the writes that complete it, committed together with the delivery's own
 * end; what to do once they are stored; and how to undo the changes in memory when they cannot be
 * stored.
 */
export interface Delivered {
  changes?: Change[];
  onKept?(): void;
  undo?(): void;
}

export interface DeliveriesOptions {
  clock: Clock;
  store: Store;
  onError(error: unknown): void;
  /** Returns the subscription as it is now; undefined when it has been deleted. */
  subscriptionOf(topic: string, name: string): Subscription | undefined;
  /**
   * Makes one attempt. Throws or rejects when it fails, with Undeliverable when a retry would not
   * help.
   */
  attempt(
    delivery: Delivery,
    subscription: Subscription,
    signal: AbortSignal,
  ): Delivered | Promise<Delivered>;
  /**
   * Makes a dead letter of a delivery that is given up; undefined where it has no dead-letter
   * queue.
   */
  deadLetter(delivery: Delivery, subscription: Subscription): Delivered | undefined;
}

/** Maximum number of concurrent attempts; the others wait for their turn. */
const MAX_TRIES_AT_ONCE = 32;
/**
 * Delay before the end of a notification is written again after a failed write, in milliseconds.
 */
const END_RETRY_MS = 1000;
/**
 * Maximum number of recorded or given-up deliveries that are kept for inspection, the latest ones.
 */
const MAX_KEPT_AFTERWARDS = 1000;

/**
 * Every notification that did not reach its queue immediately: stored, attempted, and retried by
 * its subscription's strategy. Those of a group go to each subscription one at a time, in order of
 * publication. After a kill, pending ones continue; an attempt that was in progress is repeated.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #all = new Map<number, Delivery>();
  readonly #timers = new Map<number, Timer>();
  readonly #ready: Delivery[] = [];
  readonly #ended = new AbortController();
  readonly #trying = new Set<Promise<void>>();
  /** Pending deliveries of each group, for each subscription. */
  readonly #lines = new Lines<Delivery>(
    ({ publication, subscription }) => groupOf(publication, subscription),
    ({ id }) => id,
  );
  /** Number of pending deliveries, by topic. */
  readonly #pending = new Map<string, number>();
  #finished = 0;
  #nextId = 1;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Loads the stored deliveries. */
  load(): void {
    for (const { value } of this.#options.store.read('deliveries')) {
      this.#all.set(value.id, value);
      this.#nextId = Math.max(this.#nextId, value.id + 1);
      if (value.state === 'pending') {
        this.#count(value, 1);
        this.#lines.add(value);
        this.#schedule(value);
      } else this.#finished++;
    }
  }

  /**
   * Creates a delivery that is due now, or one that is only recorded, with that text. It takes its
   * place in its group's line immediately, so that no later one overtakes it before it is stored.
   */
  begin(
    publication: Publication,
    { name, createTime, endpoint }: Subscription,
    text?: string,
  ): Delivered {
    const delivery: Delivery = {
      id: this.#nextId++,
      subscription: name,
      subscribedAt: createTime,
      publication,
      state: text === undefined ? 'pending' : 'recorded',
      failures: 0,
      dueAt: this.#options.clock.now(),
      endpoint,
      ...(text !== undefined && { text }),
    };
    if (delivery.state === 'pending') this.#lines.add(delivery);
    return {
      changes: [this.#changeFor(delivery)],
      onKept: () => this.#admit(delivery),
      undo: () => void this.#lines.remove(delivery),
    };
  }

  #changeFor(delivery: Delivery): Change {
    return { table: 'deliveries', key: keyOf(delivery), value: delivery };
  }

  #admit(delivery: Delivery): void {
    this.#all.set(delivery.id, delivery);
    if (delivery.state === 'pending') {
      this.#count(delivery, 1);
      this.#makeReady(delivery);
    } else this.#finish();
  }

  /**
   * Returns whether an earlier notification of the publication's group waits for that subscription,
   * so that this one must wait too.
   */
  isBlocked(publication: Publication, { name }: Subscription): boolean {
    const group = groupOf(publication, name);
    return group !== undefined && this.#lines.has(group);
  }

  /** Returns how many notifications of a topic wait for delivery. */
  pending(topic: string): number {
    return this.#pending.get(topic) ?? 0;
  }

  /** Iterates in order of publication. */
  values(): IterableIterator<Delivery> {
    return this.#all.values();
  }

  /**
   * Stops attempting, and resolves when no attempt is in progress. Pending deliveries stay in the
   * store.
   */
  async end(): Promise<void> {
    this.#ended.abort();
    for (const timer of this.#timers.values()) timer.cancel();
    await Promise.all(this.#trying);
  }

  #schedule(delivery: Delivery): void {
    const { clock } = this.#options;
    const timer = clock.after(delivery.dueAt - clock.now(), () => {
      this.#timers.delete(delivery.id);
      this.#makeReady(delivery);
    });
    this.#timers.set(delivery.id, timer);
  }

  /**
   * Schedules a delivery, unless an earlier one of its group is pending: then it waits until that
   * one is gone.
   */
  #makeReady(delivery: Delivery): void {
    if (!this.#lines.isFirst(delivery)) return;
    this.#ready.push(delivery);
    this.#pump();
  }

  #pump(): void {
    while (this.#trying.size < MAX_TRIES_AT_ONCE && !this.#ended.signal.aborted) {
      const delivery = this.#ready.shift();
      if (!delivery) return;
      const trying = this.#try(delivery)
        .catch(this.#options.onError)
        .finally(() => {
          this.#trying.delete(trying);
          this.#pump();
        });
      this.#trying.add(trying);
    }
  }

  async #try(delivery: Delivery): Promise<void> {
    const { publication, subscription: name, subscribedAt } = delivery;
    const subscription = this.#options.subscriptionOf(publication.topic, name);
    if (subscription?.createTime !== subscribedAt) return this.#give(delivery, {});
    const { signal } = this.#ended;
    try {
      const tried = this.#options.attempt(delivery, subscription, signal);
      await this.#remove(delivery, tried instanceof Promise ? await tried : tried);
    } catch (error) {
      if (!signal.aborted) await this.#failed(delivery, subscription, error);
    }
  }

  async #failed(delivery: Delivery, subscription: Subscription, cause: unknown): Promise<void> {
    const failures = delivery.failures + 1;
    const delay =
      cause instanceof Undeliverable
        ? undefined
        : retryDelayMs(subscription.notifyStrategy, failures);
    const moved = delay === undefined && this.#options.deadLetter(delivery, subscription);
    if (moved) return this.#give(delivery, moved);
    const changed: Delivery = {
      ...delivery,
      endpoint: subscription.endpoint,
      failures,
      error: cause instanceof Error ? cause.message : String(cause),
      ...(delay === undefined
        ? { state: 'undeliverable' }
        : { dueAt: this.#options.clock.now() + delay }),
    };
    this.#all.set(changed.id, changed);
    if (delay === undefined) {
      this.#leave(delivery);
      this.#finish();
    } else this.#schedule(changed);
    await this.#options.store.commit([this.#changeFor(changed)]);
  }

  /**
   * Ends a delivery that is given up, with or without a dead-letter queue; if that cannot be
   * written, it is tried again later.
   */
  async #give(delivery: Delivery, moved: Delivered): Promise<void> {
    try {
      await this.#remove(delivery, moved);
    } catch (error) {
      const later = { ...delivery, dueAt: this.#options.clock.now() + END_RETRY_MS };
      this.#all.set(later.id, later);
      this.#schedule(later);
      throw error;
    }
  }

  async #remove(delivery: Delivery, { changes = [], onKept }: Delivered): Promise<void> {
    const removal: Change = { table: 'deliveries', key: keyOf(delivery) };
    await this.#options.store.commit([removal, ...changes]);
    this.#all.delete(delivery.id);
    onKept?.();
    if (delivery.state === 'pending') this.#leave(delivery);
  }

  /**
   * Removes a delivery that is no longer pending: the next of its group continues, immediately if
   * it is due.
   */
  #leave(delivery: Delivery): void {
    this.#count(delivery, -1);
    const next = this.#lines.remove(delivery);
    const latest = next && this.#all.get(next.id);
    if (latest && !this.#timers.has(latest.id)) this.#makeReady(latest);
  }

  #count({ publication: { topic } }: Delivery, by: 1 | -1): void {
    const count = this.pending(topic) + by;
    if (count > 0) this.#pending.set(topic, count);
    else this.#pending.delete(topic);
  }

  #finish(): void {
    this.#finished++;
    for (const old of this.#all.values()) {
      if (this.#finished <= MAX_KEPT_AFTERWARDS) return;
      if (old.state === 'pending') continue;
      this.#finished--;
      // If its removal cannot be written, it is removed after the next start.
      this.#all.delete(old.id);
      this.#remove(old, {}).catch(this.#options.onError);
    }
  }
}

/**
 * Returns the key that orders the notifications of one group to one subscription; undefined for one
 * without a group.
 */
function groupOf({ topic, groupId }: Publication, subscription: string): string | undefined {
  return groupId === undefined ? undefined : `${topic}/${subscription}/${groupId}`;
}

/** Returns the key, sixteen digits, so that the store's order is that of publication. */
function keyOf({ id }: Delivery): string {
  return String(id).padStart(16, '0');
}
