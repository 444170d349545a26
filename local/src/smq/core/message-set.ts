import { Heap } from './heap.ts';
import { Latecomers } from './latecomers.ts';
import { Lines } from './lines.ts';
import type { Lease, Message, MessageState } from './message.ts';

/**
 * The messages of one queue and their order: no clock, no store, no waiting. Each operation is
 * O(log n) at most, the counts and the next event are O(1).
 *
 * Visible messages are ordered by priority, then by the time they became visible: one that returns
 * after a lease goes after those already waiting, so a message that always fails blocks nothing.
 *
 * Of a group only the first message to arrive is among the visible ones. The others wait until it
 * is gone, whether it is visible, leased or delayed.
 */
export class MessageSet {
  readonly #byId = new Map<string, Message>();
  readonly #visible = new Heap<Message>(comesFirst);
  readonly #hidden = new Heap<Message>(isVisibleFirst);
  readonly #groups = new Lines<Message>(
    ({ content }) => content.groupId,
    ({ sequence }) => sequence,
  );
  readonly #latecomers = new Latecomers();
  #oldest: Message | undefined;
  #newest: Message | undefined;
  #delayed = 0;
  /** Number of active messages that an earlier one of their group blocks. */
  #blocked = 0;

  get counts(): Record<MessageState, number> {
    return {
      active: this.#visible.size + this.#blocked,
      inactive: this.#hidden.size - this.#delayed,
      delayed: this.#delayed,
    };
  }

  find(id: string): Message | undefined {
    return this.#byId.get(id);
  }

  has(message: Message): boolean {
    return this.#byId.get(message.content.id) === message;
  }

  /** Returns the message that the next receive takes. */
  next(): Message | undefined {
    return this.#visible.first();
  }

  /**
   * Returns the message with the earliest sending time: the first to arrive, or one that arrived
   * later and is older.
   */
  oldest(): Message | undefined {
    const first = this.#oldest;
    const older = this.#latecomers.oldest();
    if (!first || !older) return first;
    return older.content.enqueueTime < first.content.enqueueTime ? older : first;
  }

  /** Returns when the next hidden message becomes visible. */
  nextVisibleAt(): number | undefined {
    return this.#hidden.first()?.lease.visibleAt;
  }

  /** Adds a message: visible if its delay ended by `now`, else hidden until it is revealed. */
  add(message: Message, now: number): void {
    this.#byId.set(message.content.id, message);
    message.older = this.#newest;
    if (this.#newest) this.#newest.newer = message;
    else this.#oldest = message;
    this.#newest = message;
    this.#latecomers.add(message);
    const overtaken = this.#groups.add(message);
    if (overtaken?.state === 'active') this.#block(overtaken);
    if (message.lease.visibleAt <= now) this.#show(message);
    else this.#hide(message);
  }

  /** Removes a message; `putBack` with the older neighbour that is returned undoes that. */
  remove(message: Message): Message | undefined {
    const { older } = message;
    this.#byId.delete(message.content.id);
    if (message.older) message.older.newer = message.newer;
    else this.#oldest = message.newer;
    if (message.newer) message.newer.older = message.older;
    else this.#newest = message.older;
    message.older = undefined;
    message.newer = undefined;
    this.#takeOut(message);
    this.#latecomers.remove(message);
    const first = this.#groups.remove(message);
    if (first?.state === 'active') this.#unblock(first);
    return older;
  }

  /** Removes messages; the returned function undoes that. */
  release(messages: readonly Message[]): () => void {
    const olders = messages.map((message) => this.remove(message));
    return () => {
      for (let i = messages.length - 1; i >= 0; i--) {
        const message = messages[i];
        if (message) this.putBack(message, olders[i]);
      }
    };
  }

  /**
   * Adds a removed message again, in its old place after `before`; without one it is the oldest.
   */
  putBack(message: Message, before: Message | undefined): void {
    // That one may have expired since, which is never undone.
    const older = before && !this.has(before) ? this.#priorOf(message) : before;
    this.#byId.set(message.content.id, message);
    const newer = older ? older.newer : this.#oldest;
    message.older = older;
    message.newer = newer;
    if (older) older.newer = message;
    else this.#oldest = message;
    if (newer) newer.older = message;
    else this.#newest = message;
    this.#latecomers.add(message);
    const overtaken = this.#groups.add(message);
    if (overtaken?.state === 'active') this.#block(overtaken);
    if (message.state === 'active') this.#show(message);
    else this.#hide(message);
  }

  /** Undoes a lease: the message has the previous one, hidden until it is revealed. */
  giveBack(message: Message, before: Lease): void {
    this.#takeOut(message);
    message.lease = before;
    message.state = before.dequeueCount > 0 ? 'inactive' : 'delayed';
    this.#hide(message);
  }

  /** Gives the message another lease and hides it. */
  lease(message: Message, lease: Lease): void {
    this.#takeOut(message);
    message.lease = lease;
    if (lease.dequeueCount > 0) message.state = 'inactive';
    this.#hide(message);
  }

  /** Makes visible the first message whose lease or delay has ended, and returns it. */
  reveal(now: number): Message | undefined {
    const message = this.#hidden.first();
    if (!message || message.lease.visibleAt > now) return undefined;
    this.#takeOut(message);
    this.#show(message);
    return message;
  }

  /** Returns the first `count` visible messages, in order, without removing them. */
  peek(count: number): Message[] {
    const taken: Message[] = [];
    for (let next = this.next(); next && taken.length < count; next = this.next()) {
      this.#visible.remove(next);
      taken.push(next);
    }
    for (const message of taken) this.#visible.add(message);
    return taken;
  }

  /** Returns the first `limit` messages after the first `skip`, in order of arrival. */
  page(limit: number, skip: number): Message[] {
    const found: Message[] = [];
    let place = 0;
    for (const message of this.values()) {
      if (place++ < skip) continue;
      if (found.length >= limit) break;
      found.push(message);
    }
    return found;
  }

  /** Iterates in order of arrival. */
  *values(): Generator<Message> {
    for (let message = this.#oldest; message; message = message.newer) yield message;
  }

  /** Returns the last message that arrived before it. */
  #priorOf({ sequence }: Message): Message | undefined {
    let prior: Message | undefined;
    for (const message of this.values()) {
      if (message.sequence > sequence) break;
      prior = message;
    }
    return prior;
  }

  #show(message: Message): void {
    message.state = 'active';
    if (this.#groups.isFirst(message)) this.#visible.add(message);
    else this.#blocked++;
  }

  #hide(message: Message): void {
    if (message.state === 'delayed') this.#delayed++;
    this.#hidden.add(message);
  }

  #takeOut(message: Message): void {
    if (message.state === 'delayed') this.#delayed--;
    if (message.state !== 'active') this.#hidden.remove(message);
    else if (isBlocked(message)) this.#blocked--;
    else this.#visible.remove(message);
  }

  #block(message: Message): void {
    this.#visible.remove(message);
    this.#blocked++;
  }

  #unblock(message: Message): void {
    this.#blocked--;
    this.#visible.add(message);
  }
}

/**
 * Returns whether a message is blocked: of the active messages, only blocked ones are in no heap.
 */
function isBlocked({ slot }: Message): boolean {
  return slot < 0;
}

function comesFirst(a: Message, b: Message): boolean {
  if (a.content.priority !== b.content.priority) return a.content.priority < b.content.priority;
  return isVisibleFirst(a, b);
}

function isVisibleFirst(a: Message, b: Message): boolean {
  if (a.lease.visibleAt !== b.lease.visibleAt) return a.lease.visibleAt < b.lease.visibleAt;
  return a.sequence < b.sequence;
}
