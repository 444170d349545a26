import type { NotifyStrategy } from '../../retry-schedule.ts';
import type { SmqError } from '../errors.ts';
import { MAX_LONG_POLLS } from '../limits.ts';
import type { DeadLetterPolicy, Given, QueueAttributes, TopicAttributes } from './attributes.ts';
import { applyDeclared, type Declared } from './declared.ts';
import type { Delivery } from './delivery.ts';
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
import { reportError, type ServiceOptions } from './service-options.ts';
import type { Store } from './store.ts';
import type { Subscription, SubscriptionChange, SubscriptionInput } from './subscription.ts';
import { type PublicationListener, Topics } from './topics.ts';

export interface TopicDescription extends TopicAttributes {
  name: string;
  /**
   * Notifications that wait for delivery; a message in the queues of its subscribers no longer
   * belongs to the topic.
   */
  messageCount: number;
  createTime: number;
  lastModifyTime: number;
}

/** Default maximum of messages that `inspect` returns. */
const MAX_INSPECTED = 1000;

/**
 * SMQ without HTTP: every operation as a method. All throw SmqError; writes resolve when they are
 * stored.
 */
export class SmqService {
  readonly accountId: string;
  readonly #queues: Queues;
  readonly #topics: Topics;
  readonly #publisher: Publisher;
  readonly #store: Store;
  #loggingBucket = '';

  /** Loads the stored state; leases that ended in the meantime have expired. */
  constructor(options: ServiceOptions) {
    const { clock, store, accountId, strictHandles = false, longPolls = MAX_LONG_POLLS } = options;
    const { region = 'cn-hangzhou', onError = reportError, push } = options;
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

  /** Changes the given attributes; `'none'` removes the dead-letter policy. */
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

  /** Returns the queues whose dead letters go to this one, in order of name. */
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

  /** Resolves to an empty list when nothing can be received by the end of the wait. */
  async receive(queue: string, options: ReceiveOptions = {}): Promise<ReceivedMessage[]> {
    return await this.#queues.all.get(queue).receive(options); // without the await it takes two more turns
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

  /**
   * Returns the oldest messages of a queue after the first `skip`, with their state, without
   * receiving them.
   */
  inspect(queue: string, limit: number = MAX_INSPECTED, skip = 0): InspectedMessage[] {
    return this.#queues.all.get(queue).inspect(limit, skip);
  }

  /**
   * Removes messages of a queue, leased ones too: those with these ids that exist, or all. Resolves
   * to their number.
   */
  async purge(queue: string, ids?: readonly string[]): Promise<number> {
    return purge(this.#queues.all.get(queue), this.#store, ids);
  }

  /**
   * Replaces all messages in the account's queues, by the name of the queue, or none if it fails; a
   * queue that is not named becomes empty. Throws QueueNotExist.
   */
  async replaceMessages(contents: ReadonlyMap<string, readonly KeptMessage[]>): Promise<void> {
    const { all } = this.#queues;
    const named = [...contents].map(([name, kept]) => [all.get(name), kept] as const);
    const emptied = [...all.values()].map((queue) => [queue, []] as const);
    await replaceAll(new Map([...emptied, ...named]), this.#store);
  }

  /**
   * Moves messages to another queue as if sent there now: those with these ids, or all. One that a
   * receiver holds stays. Resolves to the number moved. Throws QueueNotExist, or MessageNotExist
   * for an id that does not exist.
   */
  async move(from: string, to: string, ids?: readonly string[]): Promise<number> {
    const { all } = this.#queues;
    return move(all.get(from), () => all.get(to), this.#store, ids);
  }

  /**
   * Moves dead letters back to the queues that gave them up. A message that was not a dead letter,
   * or whose queue is gone, stays. Resolves to the number moved.
   */
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

  /**
   * Calls `listener` with each later publication to the topic; the returned function removes it.
   */
  onPublish(topic: string, listener: PublicationListener): () => void {
    return this.#topics.listen(topic, listener);
  }

  /**
   * Returns notifications that are not (only) in a queue: waiting for their next attempt, recorded
   * for mail and SMS (which are not sent; the latest thousand), or given up. In order of
   * publication.
   */
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

  /** Like the store's `pending`: await it before an answer that shows what is in memory. */
  pending(): Promise<void> | undefined {
    return this.#store.pending();
  }

  /**
   * Creates the declared queues, topics and subscriptions that do not exist, changes those that
   * differ, and leaves the others alone. Absent values are the defaults.
   */
  apply(declared: Declared): Promise<void> {
    return applyDeclared(declared, this.#queues, this.#topics);
  }

  /** Ends every wait and closes the store. */
  async close(): Promise<void> {
    for (const queue of this.#queues.all.values()) queue.end({ deleted: false });
    await this.#publisher.end();
    await this.#store.close();
  }
}
