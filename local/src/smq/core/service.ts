import type { Clock } from '../../clock.ts';
import { DataNotWritten } from '../../data/not-written.ts';
import type { NotifyStrategy } from '../../retry-schedule.ts';
import { SmqError } from '../errors.ts';
import { MAX_LONG_POLLS } from '../limits.ts';
import type { QueueSpec, SubscriptionSpec, TopicSpec } from '../spec.ts';
import {
  type DeadLetterPolicy,
  type Given,
  QUEUE_DEFAULTS,
  type QueueAttributes,
  TOPIC_DEFAULTS,
  type TopicAttributes,
} from './attributes.ts';
import type { Delivery, Push } from './delivery.ts';
import { type KeptMessage, move, purge, replaceAll } from './housekeeping.ts';
import type {
  InspectedMessage,
  Message,
  MessageInput,
  PeekedMessage,
  ReceivedMessage,
  ReceiveOptions,
  SentMessage,
} from './message.ts';
import type { Publication } from './notification.ts';
import { Publisher, type PublishInput } from './publisher.ts';
import { type Created, type QueueDescription, Queues } from './queues.ts';
import type { Page, PageRequest } from './registry.ts';
import type { Store } from './store.ts';
import type { Subscription, SubscriptionChange, SubscriptionInput } from './subscription.ts';
import { type PublicationListener, Topics } from './topics.ts';

export interface ServiceOptions {
  clock: Clock;
  store: Store;
  accountId: string;
  /** Where the account is, for the ARNs that dead letters carry; cn-hangzhou unless given. */
  region?: string | undefined;
  /** After a change of visibility, refuse the handle of the receive (as documented) instead of accepting both. */
  strictHandles?: boolean | undefined;
  /** How many receivers may wait at one queue at the same time; one more is answered at once with nothing. Default 1000. */
  longPolls?: number | undefined;
  /** Posts to HTTP endpoints; absent: they are undeliverable. */
  push?: Push | undefined;
  /** A write that no request waits for has failed: an expiry or a move to a dead-letter queue. */
  onError?: ((error: unknown) => void) | undefined;
}

export interface TopicDescription extends TopicAttributes {
  name: string;
  /** Notifications that wait for delivery; a message in the queues of its subscribers is no longer the topic's. */
  messageCount: number;
  createTime: number;
  lastModifyTime: number;
}

/** What the project's files declare. */
export interface Declared {
  queues?: readonly QueueSpec[];
  topics?: readonly TopicSpec[];
  subscriptions?: readonly SubscriptionSpec[];
}

/** Messages that `inspect` returns at most, unless asked for another number. */
const MAX_INSPECTED = 1000;

/** SMQ without HTTP: every operation as a method. All throw SmqError; writes resolve when they are kept. */
export class SmqService {
  readonly accountId: string;
  readonly #queues: Queues;
  readonly #topics: Topics;
  readonly #publisher: Publisher;
  readonly #store: Store;
  #loggingBucket = '';

  /** Takes up what the store has kept; leases that ended in the meantime are over. */
  constructor(options: ServiceOptions) {
    const { clock, store, accountId, strictHandles = false, longPolls = MAX_LONG_POLLS } = options;
    const { region = 'cn-hangzhou', onError = report, push } = options;
    const place = { region, accountId };
    const core = { clock, store, strictHandles, longPolls, place, onError };
    this.accountId = accountId;
    this.#store = store;
    this.#queues = new Queues(core);
    this.#topics = new Topics(core, this.#queues);
    this.#publisher = new Publisher({ ...core, push }, this.#queues, this.#topics);
    this.#queues.load();
    this.#topics.load();
    this.#publisher.load();
    for (const { key, value } of store.read('settings'))
      if (key === 'loggingBucket') this.#loggingBucket = String(value);
  }

  createQueue(
    name: string,
    attributes: Given<QueueAttributes> = {},
    deadLetter?: DeadLetterPolicy,
  ): Promise<Created> {
    return this.#queues.create(name, attributes, deadLetter);
  }

  /** What is not given stays as it is; `'none'` ends the dead-letter policy. */
  setQueueAttributes(
    name: string,
    attributes: Given<QueueAttributes>,
    deadLetter?: DeadLetterPolicy | 'none',
  ): Promise<void> {
    return this.#queues.setAttributes(name, attributes, deadLetter);
  }

  setDeadLetter(name: string, policy: DeadLetterPolicy | undefined): Promise<void> {
    return this.#queues.setDeadLetter(name, policy);
  }

  getQueue(name: string): QueueDescription {
    return this.#queues.describe(name);
  }

  listQueues(page: PageRequest = {}): Page<QueueDescription> {
    const { items, ...rest } = this.#queues.all.page(page);
    return { items: items.map(({ record }) => this.getQueue(record.name)), ...rest };
  }

  /** The queues whose dead letters go to this one, in order of name. */
  deadLetterSources(name: string): string[] {
    return this.#queues.sources.of(name);
  }

  deleteQueue(name: string): Promise<void> {
    return this.#queues.delete(name);
  }

  send(queue: string, message: MessageInput): Promise<SentMessage> {
    return this.#queues.send(queue, message);
  }

  sendBatch(queue: string, messages: MessageInput[]): Promise<(SentMessage | SmqError)[]> {
    return this.#queues.sendBatch(queue, messages);
  }

  /** Empty when there is nothing to receive by the end of the wait. */
  async receive(queue: string, options: ReceiveOptions = {}): Promise<ReceivedMessage[]> {
    return await this.#queues.all.get(queue).receive(options); // without the await it takes two turns more
  }

  peek(queue: string, max = 1): PeekedMessage[] {
    return this.#queues.all.get(queue).peek(max);
  }

  async deleteMessage(queue: string, receiptHandle: string): Promise<void> {
    await this.#queues.all.get(queue).delete(receiptHandle);
  }

  async changeVisibility(
    queue: string,
    receiptHandle: string,
    seconds: number,
  ): Promise<{ receiptHandle: string; nextVisibleTime: number }> {
    return this.#queues.all.get(queue).changeVisibility(receiptHandle, seconds);
  }

  /** The oldest messages of a queue after the first `skip`, with their state, without receiving them. */
  inspect(queue: string, limit: number = MAX_INSPECTED, skip = 0): InspectedMessage[] {
    return this.#queues.all.get(queue).inspect(limit, skip);
  }

  /** Removes messages of a queue, leased ones too: those of the ids that are there, or all; resolves to how many. */
  async purge(queue: string, ids?: readonly string[]): Promise<number> {
    return purge(this.#queues.all.get(queue), this.#store, ids);
  }

  /** Puts other messages in the place of all that the account's queues hold, by the name of the queue; one that is not named is empty then. All of it or nothing. Throws QueueNotExist. */
  async replaceMessages(contents: ReadonlyMap<string, readonly KeptMessage[]>): Promise<void> {
    const { all } = this.#queues;
    const named = [...contents].map(([name, kept]) => [all.get(name), kept] as const);
    const emptied = [...all.values()].map((queue) => [queue, []] as const);
    await replaceAll(new Map([...emptied, ...named]), this.#store);
  }

  /** Sends messages on to another queue as if sent there now, and removes them here: those of the ids, or all. One that a receiver holds stays. Resolves to how many went. Throws QueueNotExist, or MessageNotExist for an id that is not there. */
  async move(from: string, to: string, ids?: readonly string[]): Promise<number> {
    const { all } = this.#queues;
    return move(all.get(from), () => all.get(to), this.#store, ids);
  }

  /** Moves dead letters back to the queues that gave them up. What was not a dead letter, or whose queue is gone, stays. Resolves to how many went. */
  async redrive(deadLetterQueue: string, ids?: readonly string[]): Promise<number> {
    const { all } = this.#queues;
    const sourceOf = ({ content }: Message) => all.find(content.deadLetterOf ?? '');
    return move(all.get(deadLetterQueue), sourceOf, this.#store, ids);
  }

  createTopic(name: string, attributes: Given<TopicAttributes> = {}): Promise<Created> {
    return this.#topics.create(name, attributes);
  }

  setTopicAttributes(name: string, attributes: Given<TopicAttributes>): Promise<void> {
    return this.#topics.setAttributes(name, attributes);
  }

  getTopic(name: string): TopicDescription {
    const { attributes, ...times } = this.#topics.all.get(name).record;
    return { ...attributes, ...times, messageCount: this.#publisher.pending(name) };
  }

  listTopics(page: PageRequest = {}): Page<TopicDescription> {
    const { items, ...rest } = this.#topics.all.page(page);
    return { items: items.map(({ record }) => this.getTopic(record.name)), ...rest };
  }

  deleteTopic(name: string): Promise<void> {
    return this.#topics.delete(name);
  }

  subscribe(topic: string, name: string, subscription: SubscriptionInput): Promise<Created> {
    return this.#topics.subscribe(topic, name, subscription);
  }

  setSubscriptionStrategy(topic: string, name: string, strategy: NotifyStrategy): Promise<void> {
    return this.changeSubscription(topic, name, { notifyStrategy: strategy });
  }

  changeSubscription(topic: string, name: string, change: SubscriptionChange): Promise<void> {
    return this.#topics.changeSubscription(topic, name, change);
  }

  getSubscription(topic: string, name: string): Subscription {
    return this.#topics.all.get(topic).subscriptions.get(name);
  }

  listSubscriptions(topic: string, page: PageRequest = {}): Page<Subscription> {
    return this.#topics.all.get(topic).subscriptions.page(page);
  }

  unsubscribe(topic: string, name: string): Promise<void> {
    return this.#topics.unsubscribe(topic, name);
  }

  publish(topic: string, message: PublishInput): Promise<Publication> {
    return this.#publisher.publish(topic, message);
  }

  /** Calls `listener` with each later publication to the topic; returns what ends that. */
  onPublish(topic: string, listener: PublicationListener): () => void {
    return this.#topics.listen(topic, listener);
  }

  /** Notifications that are not (only) in a queue: waiting for their next try, recorded for mail and SMS (which are sent nowhere; the latest thousand), or given up. In order of publication. */
  deliveries(): Delivery[] {
    return [...this.#publisher.deliveries()];
  }

  get loggingBucket(): string {
    return this.#loggingBucket;
  }

  async setLoggingBucket(bucket: string): Promise<void> {
    const before = this.#loggingBucket;
    this.#loggingBucket = bucket;
    await this.#store.commit([{ table: 'settings', key: 'loggingBucket', value: bucket }], () => {
      this.#loggingBucket = before;
    });
  }

  /** As the store's `pending`: to be awaited before an answer that shows what is in memory. */
  pending(): Promise<void> | undefined {
    return this.#store.pending();
  }

  /** Makes queues, topics and subscriptions as declared: creates what is not there, changes what is different, leaves alone what is not named. Absent values are the defaults. */
  async apply({ queues = [], topics = [], subscriptions = [] }: Declared): Promise<void> {
    for (const { name, deadLetter: _, ...attributes } of queues) {
      const wanted = { ...QUEUE_DEFAULTS, ...attributes };
      await ensure(
        () => this.createQueue(name, wanted),
        () => this.setQueueAttributes(name, wanted),
      );
    }
    for (const { name, deadLetter } of queues) await this.setDeadLetter(name, deadLetter);
    for (const { name, ...attributes } of topics) {
      const wanted = { ...TOPIC_DEFAULTS, ...attributes };
      await ensure(
        () => this.createTopic(name, wanted),
        () => this.setTopicAttributes(name, wanted),
      );
    }
    for (const { name, topic, ...subscription } of subscriptions)
      await this.#topics.putSubscription(topic, name, subscription);
  }

  /** Ends every wait and closes the store. */
  async close(): Promise<void> {
    for (const queue of this.#queues.all.values()) queue.end({ deleted: false });
    await this.#publisher.end();
    await this.#store.close();
  }
}

async function ensure(create: () => Promise<Created>, change: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof SmqError) || error.status !== 409) throw error;
    await change();
  }
}

/** A data folder that cannot be written to has been said already. */
function report(error: unknown): void {
  if (error instanceof DataNotWritten) return;
  console.error('SMQ could not write to its store:', error);
}
