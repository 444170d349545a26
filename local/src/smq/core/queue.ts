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
  /**
   * Called with messages that were received too often: removes them, or leaves them where they are.
   */
  deadLetter(from: Queue, messages: readonly Message[]): void;
  /** Called when a write that no request waits for has failed. */
  onError(error: unknown): void;
}

/** Delay before dead letters are moved again after a failed write, in milliseconds. */
const DEAD_LETTER_RETRY_MS = 1000;

/**
 * One queue: its messages, their leases and its waiting receivers. Where memory changes before its
 * commit, so that no other receiver gets the same message, the commit comes with its undo.
 */
export class Queue {
  /** The record as stored, which is in force. */
  record: QueueRecord;
  /** The record with changes still being written: the next change starts from it. */
  latest: QueueRecord;
  readonly #options: QueueOptions;
  readonly #messages = new MessageSet();
  readonly #leases: Leases;
  readonly #waiters: Waiters<Taken>;
  /** Set to the next event that happens without a request. */
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

  /** Number of messages by state, now. */
  get counts(): Record<MessageState, number> {
    this.#settle();
    return this.#messages.counts;
  }

  /** Makes a message that is not in the queue yet: commit its changes, then `admit` it. Throws InvalidArgument or FifoMissingMessageGroupId. */
  prepare(input: MessageInput): Message {
    checkInput(input, this.record.attributes);
    return this.prepareNotification(input);
  }

  /** Like `prepare`, without its checks: an envelope may be larger than the queue's messages. */
  prepareNotification(input: MessageInput): Message {
    const { attributes } = this.record;
    return newMessage(input, attributes, this.#nextSequence++, this.#options.clock.now());
  }

  /**
   * Makes a message from that of another queue by `copy`; without a lease, it is visible
   * immediately.
   */
  prepareCopy(copy: (now: number) => MessageContent, lease?: Lease): Message {
    const now = this.#options.clock.now();
    return messageOf(copy(now), this.#nextSequence++, lease ?? firstLease(now, now));
  }

  /**
   * Returns the writes for a message made by `prepare`; its lease only if it says more than that
   * the message exists.
   */
  changesFor(message: Message): Change[] {
    return messageWrites(this.record.id, message);
  }

  /** Returns the writes for a message that leaves the queue. */
  removalOf(message: Message): Change[] {
    return messageRemoval([this.record.id, message.sequence]);
  }

  /** Adds a prepared message: it can be received now, or after its delay. */
  admit(message: Message): SentMessage {
    this.admitAll([message]);
    const { id: messageId, bodyMd5 } = message.content;
    if (message.state !== 'delayed') return { messageId, bodyMd5 };
    return { messageId, bodyMd5, receiptHandle: writeReceipt(message, this.record.name) };
  }

  /** Adds all messages before any is received. */
  admitAll(messages: readonly Message[]): void {
    if (this.#deleted) throw new SmqError('QueueNotExist');
    const now = this.#options.clock.now();
    for (const message of messages) this.#messages.add(message, now);
    this.#settle();
  }

  /** Adds a stored message. */
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
    // A receiver may be waiting for the next message of its group.
    if (message.content.groupId) this.#settle();
    await kept;
  }

  /** Begins a new lease of that many seconds, with a new handle. */
  changeVisibility(receiptHandle: string, seconds: number): Promise<ChangedLease> {
    return this.#leases.change(this.#held(receiptHandle), seconds);
  }

  /**
   * Returns the oldest `limit` messages after the first `skip`, whatever their state, unchanged.
   */
  inspect(limit: number, skip = 0): InspectedMessage[] {
    this.#settle();
    return this.#messages.page(limit, skip).map(inspected);
  }

  /**
   * Returns the messages that no receiver holds, oldest first: all of them or those with these ids.
   */
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

  /** Removes messages without writing that: commit their removals, with the returned undo. */
  release(messages: readonly Message[]): () => void {
    const putBack = this.#messages.release(messages);
    return () => {
      putBack();
      this.#arm();
    };
  }

  /**
   * Like `release`, for dead letters: if undone, they stay hidden for a while before they are moved
   * again.
   */
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

  /** Returns every message, leased ones too: `release` them, and commit their removals. */
  all(): Message[] {
    return [...this.#messages.values()];
  }

  /** Applies changed attributes, and their consequences, now. */
  update(record: QueueRecord): void {
    this.record = record;
    this.#settle();
  }

  /**
   * Call once all is restored, or after some were moved away: handles what became due in the
   * meantime.
   */
  start(): void {
    this.#settle();
  }

  /** Ends every wait, with QueueNotExist if the queue is deleted. */
  end({ deleted }: { deleted: boolean }): void {
    this.#deleted = deleted;
    this.#alarm.cancel();
    this.#waiters.end(deleted ? new SmqError('QueueNotExist') : undefined);
  }

  /** Yields the removals of everything that the queue has in the store, except its own record. */
  *removals(): Generator<Change> {
    for (const message of this.#messages.values()) yield* this.removalOf(message);
  }

  /**
   * Brings the queue up to date: drops expired messages, reveals due ones, serves waiting
   * receivers.
   */
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
    // Never undone: after a restart they are found to be expired as well.
    if (expired.length > 0) this.#options.store.commit(expired).catch(this.#options.onError);
  }

  #take(max: number): Taken[] {
    return this.#leases.take(max, this.record.attributes.visibilityTimeout);
  }

  /** Returns the message whose current lease the handle names. */
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
