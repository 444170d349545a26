import { Heap } from './heap.ts';
import type { Lease, Message, MessageState } from './message.ts';

/**
 * The messages of one queue and their order: no clock, no store, no waiting. Each operation is
 * O(log n) at most, the counts and the next event are O(1).
 *
 * Visible messages come by priority, then by the time they became visible: one that returns after
 * a lease goes after those already waiting, so a message that always fails holds up nothing.
 */
export class MessageSet {
  readonly #byId = new Map<string, Message>();
  readonly #visible = new Heap<Message>(comesFirst);
  readonly #hidden = new Heap<Message>(isVisibleFirst);
  #oldest: Message | undefined;
  #newest: Message | undefined;
  #delayed = 0;

  get counts(): Record<MessageState, number> {
    return {
      active: this.#visible.size,
      inactive: this.#hidden.size - this.#delayed,
      delayed: this.#delayed,
    };
  }

  find(id: string): Message | undefined {
    return this.#byId.get(id);
  }

  /** The message that the next receive takes. */
  next(): Message | undefined {
    return this.#visible.first();
  }

  oldest(): Message | undefined {
    return this.#oldest;
  }

  /** When the next hidden message becomes visible. */
  nextVisibleAt(): number | undefined {
    return this.#hidden.first()?.lease.visibleAt;
  }

  /** Takes a message in: visible if its delay ended by `now`, else hidden until it is revealed. Messages come in order of age. */
  add(message: Message, now: number): void {
    this.#byId.set(message.content.id, message);
    message.older = this.#newest;
    if (this.#newest) this.#newest.newer = message;
    else this.#oldest = message;
    this.#newest = message;
    if (message.lease.visibleAt <= now) this.#show(message);
    else this.#hide(message);
  }

  /** Takes it out; `putBack` with the older neighbour that is returned takes that back. */
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
    return older;
  }

  /** Takes a removed message in again, in its old place after `older`; without one it is the oldest. */
  putBack(message: Message, older: Message | undefined): void {
    this.#byId.set(message.content.id, message);
    const newer = older ? older.newer : this.#oldest;
    message.older = older;
    message.newer = newer;
    if (older) older.newer = message;
    else this.#oldest = message;
    if (newer) newer.older = message;
    else this.#newest = message;
    if (message.state === 'active') this.#show(message);
    else this.#hide(message);
  }

  /** Takes back a lease: the message has the one before, hidden until it is revealed. */
  giveBack(message: Message, before: Lease): void {
    this.#takeOut(message);
    message.lease = before;
    message.state = before.dequeueCount > 0 ? 'inactive' : 'delayed';
    this.#hide(message);
  }

  /** Gives the message another lease; it is hidden from now on. */
  lease(message: Message, lease: Lease): void {
    this.#takeOut(message);
    message.lease = lease;
    if (lease.dequeueCount > 0) message.state = 'inactive';
    this.#hide(message);
  }

  /** Makes the first message whose lease or delay has ended visible, and returns it. */
  reveal(now: number): Message | undefined {
    const message = this.#hidden.first();
    if (!message || message.lease.visibleAt > now) return undefined;
    this.#takeOut(message);
    this.#show(message);
    return message;
  }

  /** The first `count` visible messages, in order, left where they are. */
  peek(count: number): Message[] {
    const taken: Message[] = [];
    for (let next = this.next(); next && taken.length < count; next = this.next()) {
      this.#visible.remove(next);
      taken.push(next);
    }
    for (const message of taken) this.#visible.add(message);
    return taken;
  }

  /** From the oldest to the newest. */
  *values(): Generator<Message> {
    for (let message = this.#oldest; message; message = message.newer) yield message;
  }

  #show(message: Message): void {
    message.state = 'active';
    this.#visible.add(message);
  }

  #hide(message: Message): void {
    if (message.state === 'delayed') this.#delayed++;
    this.#hidden.add(message);
  }

  #takeOut(message: Message): void {
    if (message.state === 'delayed') this.#delayed--;
    if (message.state === 'active') this.#visible.remove(message);
    else this.#hidden.remove(message);
  }
}

function comesFirst(a: Message, b: Message): boolean {
  if (a.content.priority !== b.content.priority) return a.content.priority < b.content.priority;
  return isVisibleFirst(a, b);
}

function isVisibleFirst(a: Message, b: Message): boolean {
  if (a.lease.visibleAt !== b.lease.visibleAt) return a.lease.visibleAt < b.lease.visibleAt;
  return a.sequence < b.sequence;
}
