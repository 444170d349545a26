import type { Clock } from '../../clock.ts';
import { SmqError } from '../errors.ts';
import { Alarm } from './alarm.ts';
import { type ChangedLease, Leases, type Taken } from './leases.ts';
import {
  checkInput,
  firstLease,
  type InspectedMessage,
  type Lease,
  type Message,
  type MessageContent,
  type MessageInput,
  type MessageState,
  messageOf,
  newMessage,
  type PeekedMessage,
  type ReceivedMessage,
  type ReceiveOptions,
  type SentMessage,
} from './message.ts';
import { MessageSet } from './message-set.ts';
import { names, readReceipt, writeReceipt } from './receipt.ts';
import type { Change, QueueRecord, Store } from './store.ts';
import { messageRemoval, messageWrites } from './stored-messages.ts';
import { inspected, peeked } from './views.ts';
import { Waiters } from './waiters.ts';

export interface QueueOptions {
  clock: Clock;
  store: Store;
  strictHandles: boolean;
  /** How many receivers may wait at the same time. */
  longPolls: number;
  /** Told of messages that were received too often: takes them out, or leaves them where they are. */
  deadLetter(from: Queue, messages: readonly Message[]): void;
  /** A write that no request waits for has failed. */
  onError(error: unknown): void;
}

/** How long dead letters stay where they are after their move could not be written. */
const DEAD_LETTER_RETRY_MS = 1000;

/**
 * One queue: its messages, their leases and those who wait for them. Where memory changes before
 * its commit, so that no one else gets the same message, the commit takes along what takes it back.
 */
export class Queue {
  /** As it is kept, and as it counts. */
  record: QueueRecord;
  /** With the changes that are being written: what the next change starts from. */
  latest: QueueRecord;
  readonly #options: QueueOptions;
  readonly #messages = new MessageSet();
  readonly #leases: Leases;
  readonly #waiters: Waiters<Taken>;
  /** Set to the next thing that happens by itself. */
  readonly #alarm: Alarm;
  #nextSequence = 1;
  #deleted = false;

  constructor(record: QueueRecord, options: QueueOptions) {
    this.record = record;
    this.latest = record;
    this.#options = options;
    const { clock, store } = options;
    this.#leases = new Leases({
      clock,
      store,
      queue: record,
      messages: this.#messages,
      onChange: () => this.#arm(),
    });
    this.#waiters = new Waiters(clock, options.longPolls);
    this.#alarm = new Alarm(clock, () => this.#settle());
  }

  get deleted(): boolean {
    return this.#deleted;
  }

  /** Messages by state, at this moment. */
  get counts(): Record<MessageState, number> {
    this.#settle();
    return this.#messages.counts;
  }

  /** Makes a message that is not in the queue yet: commit its changes, then `admit` it. Throws InvalidArgument or FifoMissingMessageGroupId. */
  prepare(input: MessageInput): Message {
    checkInput(input, this.record.attributes);
    return this.prepareNotification(input);
  }

  /** As `prepare`, without its checks: an envelope may be larger than the queue's messages. */
  prepareNotification(input: MessageInput): Message {
    const { attributes } = this.record;
    return newMessage(input, attributes, this.#nextSequence++, this.#options.clock.now());
  }

  /** A message of another queue, as `copy` makes it; without a lease, visible from now on. */
  prepareCopy(copy: (now: number) => MessageContent, lease?: Lease): Message {
    const now = this.#options.clock.now();
    return messageOf(copy(now), this.#nextSequence++, lease ?? firstLease(now, now));
  }

  /** What to write for a message made by `prepare`; its lease, only if it says more than that the message is there. */
  changesFor(message: Message): Change[] {
    return messageWrites(this.record.id, message);
  }

  /** What to write for a message that leaves the queue. */
  removalOf(message: Message): Change[] {
    return messageRemoval([this.record.id, message.sequence]);
  }

  /** Takes a prepared message in: from now on it is received, or waits for the end of its delay. */
  admit(message: Message): SentMessage {
    this.admitAll([message]);
    const { id: messageId, bodyMd5 } = message.content;
    if (message.state !== 'delayed') return { messageId, bodyMd5 };
    return { messageId, bodyMd5, receiptHandle: writeReceipt(message, this.record.name) };
  }

  /** Takes all in before any is received. */
  admitAll(messages: readonly Message[]): void {
    if (this.#deleted) throw new SmqError('QueueNotExist');
    const now = this.#options.clock.now();
    for (const message of messages) this.#messages.add(message, now);
    this.#settle();
  }

  /** Takes up a message that the store has kept. */
  restore(content: MessageContent, sequence: number, lease: Lease): void {
    this.#messages.add(messageOf(content, sequence, lease), Number.NEGATIVE_INFINITY);
    this.#nextSequence = Math.max(this.#nextSequence, sequence + 1);
  }

  async receive({ max = 1, waitSeconds, signal }: ReceiveOptions): Promise<ReceivedMessage[]> {
    this.#settle();
    let taken = this.#take(max);
    const wait = waitSeconds ?? this.record.attributes.pollingWaitSeconds;
    if (taken.length === 0 && wait > 0) {
      const gone = typeof signal === 'function' ? signal() : signal;
      taken = await this.#waiters.wait(max, wait * 1000, gone);
    }
    await taken[0]?.kept;
    return taken.map(({ received }) => received);
  }

  peek(max: number): PeekedMessage[] {
    this.#settle();
    return this.#messages.peek(max).map(peeked);
  }

  /** Throws ReceiptHandleError or MessageNotExist. */
  async delete(receiptHandle: string): Promise<void> {
    const message = this.#held(receiptHandle);
    const kept = this.#options.store.commit(this.removalOf(message), this.release([message]));
    // The next of its group may be what a receiver waits for.
    if (message.content.groupId) this.#settle();
    await kept;
  }

  /** Begins a new lease of that many seconds, with a new handle. */
  changeVisibility(receiptHandle: string, seconds: number): Promise<ChangedLease> {
    return this.#leases.change(this.#held(receiptHandle), seconds);
  }

  /** The oldest `limit` messages after the first `skip`, whatever their state, left as they are. */
  inspect(limit: number, skip = 0): InspectedMessage[] {
    this.#settle();
    return this.#messages.page(limit, skip).map(inspected);
  }

  /** The messages that no receiver holds, oldest first: all of them or those of the ids. */
  idle(ids?: readonly string[]): Message[] {
    this.#settle();
    const messages = ids
      ? Array.from(new Set(ids), (id) => this.#messages.find(id))
      : this.#messages.values();
    const idle: Message[] = [];
    for (const message of messages) {
      if (!message) throw new SmqError('MessageNotExist');
      if (message.state !== 'inactive') idle.push(message);
    }
    return idle;
  }

  /** Takes messages out, unwritten: commit their removals, with the undo that is returned. */
  release(messages: readonly Message[]): () => void {
    const putBack = this.#messages.release(messages);
    return () => {
      putBack();
      this.#arm();
    };
  }

  /** As `release` for dead letters: taken back, they stay hidden for a while before they are moved again. */
  releaseDead(messages: readonly Message[]): () => void {
    const putBack = this.release(messages);
    return () => {
      putBack();
      const visibleAt = this.#options.clock.now() + DEAD_LETTER_RETRY_MS;
      for (const message of messages)
        this.#messages.lease(message, { ...message.lease, visibleAt });
      this.#arm();
    };
  }

  /** Every message, leased ones too: `release` them, and commit their removals. */
  all(): Message[] {
    return [...this.#messages.values()];
  }

  /** Attributes have changed: what hangs on them is seen to now. */
  update(record: QueueRecord): void {
    this.record = record;
    this.#settle();
  }

  /** To be called once all is restored, or some were moved away: what fell due in the meantime is seen to. */
  start(): void {
    this.#settle();
  }

  /** Ends every wait, with QueueNotExist if the queue is deleted. */
  end({ deleted }: { deleted: boolean }): void {
    this.#deleted = deleted;
    this.#alarm.cancel();
    this.#waiters.end(deleted ? new SmqError('QueueNotExist') : undefined);
  }

  /** The keys of everything the queue keeps in the store, its own record apart. */
  *removals(): Generator<Change> {
    for (const message of this.#messages.values()) yield* this.removalOf(message);
  }

  /** Brings the queue to this moment: forgets what is too old, reveals what is due, serves who waits. */
  #settle(): void {
    const now = this.#options.clock.now();
    this.#expire(now);
    const maxReceiveCount = this.record.deadLetter?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    const dead: Message[] = [];
    for (let next = this.#messages.reveal(now); next; next = this.#messages.reveal(now))
      if (next.lease.dequeueCount >= maxReceiveCount) dead.push(next);
    if (dead.length > 0) this.#options.deadLetter(this, dead);
    for (let waiter = this.#waiters.first(); waiter; waiter = this.#waiters.first()) {
      if (!this.#messages.next()) break;
      waiter.settle(this.#take(waiter.max));
    }
    this.#arm();
  }

  #expire(now: number): void {
    const expired: Change[] = [];
    for (let old = this.#messages.oldest(); old; old = this.#messages.oldest()) {
      if (this.#expiry(old) > now) break;
      this.#messages.remove(old);
      expired.push(...this.removalOf(old));
    }
    // Never taken back: who starts from the store finds them too old as well.
    if (expired.length > 0) this.#options.store.commit(expired).catch(this.#options.onError);
  }

  #take(max: number): Taken[] {
    return this.#leases.take(max, this.record.attributes.visibilityTimeout);
  }

  /** The message whose present lease the handle names. */
  #held(receiptHandle: string): Message {
    const receipt = readReceipt(receiptHandle);
    this.#settle();
    const message = this.#messages.find(receipt.messageId);
    const isHeld = message && message.state !== 'active';
    if (isHeld && names(receipt, message.lease, this.#options.strictHandles)) return message;
    throw new SmqError('MessageNotExist');
  }

  #arm(): void {
    if (this.#deleted) return;
    const oldest = this.#messages.oldest();
    const due = Math.min(
      this.#messages.nextVisibleAt() ?? Number.POSITIVE_INFINITY,
      oldest ? this.#expiry(oldest) : Number.POSITIVE_INFINITY,
    );
    this.#alarm.set(due);
  }

  #expiry({ content }: Message): number {
    return content.enqueueTime + this.record.attributes.messageRetentionPeriod * 1000;
  }
}
