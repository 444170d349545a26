import { outOfRange, SmqError } from '../errors.ts';
import { MAX_SUBSCRIPTIONS } from '../limits.ts';
import {
  checkSameType,
  checkSubscriptionName,
  checkTag,
  checkTopicName,
  type Given,
  TOPIC_DEFAULTS,
  type TopicAttributes,
  topicAttributes,
} from './attributes.ts';
import type { Publication } from './notification.ts';
import { type CoreOptions, type Created, type Queues, sameValues } from './queues.ts';
import { Registry } from './registry.ts';
import type { TopicRecord } from './store.ts';
import {
  parseEndpoint,
  type Subscription,
  type SubscriptionChange,
  type SubscriptionInput,
} from './subscription.ts';

export type PublicationListener = (publication: Publication) => void;

interface Topic {
  record: TopicRecord;
  readonly subscriptions: Registry<Subscription>;
  readonly listeners: Set<PublicationListener>;
}

/** All topics of the account, with their subscriptions. */
export class Topics {
  readonly all = new Registry<Topic>('TopicNotExist');
  readonly #options: CoreOptions;
  readonly #queues: Queues;

  constructor(options: CoreOptions, queues: Queues) {
    this.#options = options;
    this.#queues = queues;
  }

  /** Loads the stored topics. */
  load(): void {
    const { store } = this.#options;
    for (const { value } of store.read('topics')) {
      const attributes = { ...TOPIC_DEFAULTS, ...value.attributes };
      this.#add({ ...value, attributes });
    }
    for (const { value } of store.read('subscriptions'))
      this.all.find(value.topic)?.subscriptions.set(value.name, value);
  }

  /**
   * Throws TopicNameInvalid, TopicNameLengthError, InvalidArgument or TopicAlreadyExist (it exists
   * with other attributes).
   */
  async create(name: string, given: Given<TopicAttributes>): Promise<Created> {
    checkTopicName(name);
    const attributes = topicAttributes(given);
    const existing = this.all.find(name);
    if (existing) {
      await this.#options.store.pending();
      if (sameValues(existing.record.attributes, attributes)) return 'unchanged';
      throw new SmqError('TopicAlreadyExist');
    }
    const now = this.#options.clock.now();
    const record = { name, attributes, createTime: now, lastModifyTime: now };
    this.#add(record);
    await this.#options.store.commit([{ table: 'topics', key: name, value: record }], () =>
      this.all.remove(name),
    );
    return 'created';
  }

  async setAttributes(name: string, given: Given<TopicAttributes>): Promise<void> {
    const topic = this.all.get(name);
    const before = topic.record;
    checkSameType('TopicType', before.attributes.topicType, given.topicType);
    const attributes = topicAttributes(given, before.attributes);
    topic.record = { ...before, attributes, lastModifyTime: this.#options.clock.now() };
    await this.#options.store.commit([{ table: 'topics', key: name, value: topic.record }], () => {
      topic.record = before;
    });
  }

  /** Deletes the topic with its subscriptions; does nothing if it does not exist. */
  async delete(name: string): Promise<void> {
    const topic = this.all.find(name);
    if (!topic) return this.#options.store.pending();
    this.all.remove(name);
    const subscriptions = [...topic.subscriptions.values()];
    await this.#options.store.commit(
      [
        { table: 'topics', key: name },
        ...subscriptions.map((one) => ({ table: 'subscriptions' as const, key: keyOf(one) })),
      ],
      () => this.all.set(name, topic),
    );
  }

  /** Throws TopicNotExist, SubscriptionNameInvalid, EndpointInvalid, InvalidArgument, QueueNotExist (the dead-letter queue) or SubscriptionAlreadyExist. */
  async subscribe(topicName: string, name: string, input: SubscriptionInput): Promise<Created> {
    const topic = this.all.get(topicName);
    checkSubscriptionName(name);
    const subscription = this.#newSubscription(topicName, name, input);
    const existing = topic.subscriptions.find(name);
    if (existing) {
      await this.#options.store.pending();
      if (sameSubscription(existing, subscription)) return 'unchanged';
      throw new SmqError('SubscriptionAlreadyExist');
    }
    this.#checkRoom(topic);
    await this.#keep(subscription);
    return 'created';
  }

  /** Like `subscribe`, but replaces an existing subscription. */
  async putSubscription(topicName: string, name: string, input: SubscriptionInput): Promise<void> {
    checkSubscriptionName(name);
    const topic = this.all.get(topicName);
    const existing = topic.subscriptions.find(name);
    const subscription = this.#newSubscription(topicName, name, input);
    if (!existing) this.#checkRoom(topic);
    if (existing && sameSubscription(existing, subscription)) return this.#options.store.pending();
    await this.#keep({ ...subscription, ...(existing && { createTime: existing.createTime }) });
  }

  /** Throws SubscriptionNotExist, InvalidArgument or QueueNotExist (the dead-letter queue). */
  async changeSubscription(
    topicName: string,
    name: string,
    change: SubscriptionChange,
  ): Promise<void> {
    const { deadLetterQueue: present, ...existing } = this.all
      .get(topicName)
      .subscriptions.get(name);
    const { notifyStrategy = existing.notifyStrategy, filterTag = existing.filterTag } = change;
    const { deadLetterQueue = present } = change;
    checkTag('FilterTag', filterTag);
    if (deadLetterQueue) this.#checkDeadLetterQueue(deadLetterQueue);
    await this.#keep({
      ...existing,
      notifyStrategy,
      ...(filterTag !== undefined && { filterTag }),
      ...(deadLetterQueue && { deadLetterQueue }),
      lastModifyTime: this.#options.clock.now(),
    });
  }

  /** Deletes the subscription; does nothing if it does not exist. */
  async unsubscribe(topicName: string, name: string): Promise<void> {
    const { subscriptions } = this.all.get(topicName);
    const existing = subscriptions.find(name);
    if (!existing) return this.#options.store.pending();
    subscriptions.remove(name);
    await this.#options.store.commit([{ table: 'subscriptions', key: keyOf(existing) }], () =>
      subscriptions.set(name, existing),
    );
  }

  /**
   * Calls `listener` with each later message published to the topic, after it is in the queues; the
   * returned function removes it.
   */
  listen(name: string, listener: PublicationListener): () => void {
    const { listeners } = this.all.get(name);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  #newSubscription(topic: string, name: string, input: SubscriptionInput): Subscription {
    this.#checkEndpoint(topic, input.endpoint);
    checkTag('FilterTag', input.filterTag);
    if (input.deadLetterQueue !== undefined) this.#checkDeadLetterQueue(input.deadLetterQueue);
    const now = this.#options.clock.now();
    return {
      topic,
      name,
      endpoint: input.endpoint,
      ...(input.filterTag !== undefined && { filterTag: input.filterTag }),
      notifyStrategy: input.notifyStrategy ?? 'BACKOFF_RETRY',
      notifyContentFormat: input.notifyContentFormat ?? 'XML',
      ...(input.deadLetterQueue !== undefined && { deadLetterQueue: input.deadLetterQueue }),
      createTime: now,
      lastModifyTime: now,
    };
  }

  /**
   * Throws when the topic has too many subscriptions. The number is documented (page limits), the
   * code is not.
   */
  #checkRoom({ subscriptions }: Topic): void {
    if ([...subscriptions.values()].length >= MAX_SUBSCRIPTIONS)
      throw outOfRange('Subscription count', { min: 0, max: MAX_SUBSCRIPTIONS });
  }

  /**
   * Throws for a queue whose maximum size is smaller than the topic's: it cannot be subscribed
   * (page limits); the code is not documented. A queue that does not exist yet can be.
   */
  #checkEndpoint(topic: string, endpoint: string): void {
    const parsed = parseEndpoint(endpoint);
    if (parsed.kind !== 'queue') return;
    const min = this.all.get(topic).record.attributes.maximumMessageSize;
    const taken = this.#queues.all.find(parsed.queue)?.record.attributes.maximumMessageSize;
    if (taken !== undefined && taken < min)
      throw new SmqError(
        'InvalidArgument',
        `The MaximumMessageSize of queue "${parsed.queue}", ${taken} bytes, should not be below that of topic "${topic}", ${min} bytes.`,
      );
  }

  #checkDeadLetterQueue(name: string): void {
    if (this.#queues.all.find(name)) return;
    throw new SmqError('QueueNotExist', `The dead-letter queue "${name}" is not exist.`);
  }

  #add(record: TopicRecord): void {
    this.all.set(record.name, {
      record,
      subscriptions: new Registry('SubscriptionNotExist'),
      listeners: new Set(),
    });
  }

  async #keep(subscription: Subscription): Promise<void> {
    const { subscriptions } = this.all.get(subscription.topic);
    const { name } = subscription;
    const before = subscriptions.find(name);
    subscriptions.set(name, subscription);
    const key = keyOf(subscription);
    await this.#options.store.commit([{ table: 'subscriptions', key, value: subscription }], () => {
      if (before) subscriptions.set(name, before);
      else subscriptions.remove(name);
    });
  }
}

function keyOf({ topic, name }: Subscription): [string, string] {
  return [topic, name];
}

function sameSubscription(a: Subscription, b: Subscription): boolean {
  return (
    a.endpoint === b.endpoint &&
    a.filterTag === b.filterTag &&
    a.notifyStrategy === b.notifyStrategy &&
    a.notifyContentFormat === b.notifyContentFormat &&
    a.deadLetterQueue === b.deadLetterQueue
  );
}
