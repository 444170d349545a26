import { SmqError } from '../errors.ts';
import { checkExtras, type Extras } from '../properties.ts';
import { checkGroup, checkTag } from './attributes.ts';
import { deadLetterProperties } from './dead-letter.ts';
import { type Delivered, Deliveries } from './deliveries.ts';
import { type Delivery, type Push, Undeliverable } from './delivery.ts';
import { checkSize, type MessageInput, md5, newMessageId } from './message.ts';
import { formatNotification, type Publication } from './notification.ts';
import type { Queue } from './queue.ts';
import type { CoreOptions, Queues } from './queues.ts';
import type { Change } from './store.ts';
import { parseEndpoint, type Subscription, wants } from './subscription.ts';
import type { Topics } from './topics.ts';

export interface PublishInput extends Extras {
  body: string;
  tag?: string | undefined;
  /**
   * Attributes of the message for mail and SMS, by the kind of endpoint; recorded with the
   * delivery.
   */
  attributes?: Readonly<Record<string, string>> | undefined;
}

export interface PublisherOptions extends CoreOptions {
  /** Posts to HTTP endpoints; absent: their notifications are undeliverable. */
  push?: Push | undefined;
}

/** Delivers what is published to a topic to its subscriptions. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #queues: Queues;
  readonly #topics: Topics;
  readonly #deliveries: Deliveries;

  constructor(options: PublisherOptions, queues: Queues, topics: Topics) {
    this.#options = options;
    this.#queues = queues;
    this.#topics = topics;
    const { clock, store, onError } = options;
    this.#deliveries = new Deliveries({
      clock,
      store,
      onError,
      subscriptionOf: (topic, name) => topics.all.find(topic)?.subscriptions.find(name),
      attempt: (delivery, subscription, signal) => this.#attempt(delivery, subscription, signal),
      deadLetter: (delivery, subscription) => this.#deadLetter(delivery, subscription),
    });
  }

  load(): void {
    this.#deliveries.load();
  }

  /**
   * Resolves when the message is in the queue of each subscription whose filter it matches, or
   * stored for delivery: to an HTTP endpoint, or to a queue that does not exist (yet).
   */
  async publish(name: string, input: PublishInput): Promise<Publication> {
    const topic = this.#topics.all.get(name);
    const { maximumMessageSize, topicType } = topic.record.attributes;
    checkSize(input, maximumMessageSize);
    checkGroup(topicType, input.groupId);
    checkTag('MessageTag', input.tag);
    checkExtras(input);
    const publication: Publication = {
      topic: name,
      messageId: newMessageId(),
      body: input.body,
      bodyMd5: md5(input.body),
      ...(input.tag !== undefined && { tag: input.tag }),
      ...(input.userProperties && { userProperties: input.userProperties }),
      ...(input.systemProperties && { systemProperties: input.systemProperties }),
      ...(input.groupId !== undefined && { groupId: input.groupId }),
      ...(input.attributes && { attributes: input.attributes }),
      publishTime: this.#options.clock.now(),
    };
    const changes: Change[] = [];
    const begun: Delivered[] = [];
    for (const subscription of topic.subscriptions.values()) {
      if (!wants(subscription, publication.tag)) continue;
      const one = this.#begin(publication, subscription);
      changes.push(...(one.changes ?? []));
      begun.push(one);
    }
    await this.#options.store.commit(changes, () => {
      for (const one of begun.reverse()) one.undo?.();
    });
    for (const one of begun) one.onKept?.();
    for (const listener of topic.listeners) listener(publication);
    return publication;
  }

  /**
   * Yields deliveries that are pending, recorded (mail and SMS) or given up, in order of
   * publication.
   */
  *deliveries(): Generator<Delivery> {
    for (const delivery of this.#deliveries.values()) yield { ...delivery };
  }

  /** Returns how many notifications of a topic wait for delivery. */
  pending(topic: string): number {
    return this.#deliveries.pending(topic);
  }

  end(): Promise<void> {
    return this.#deliveries.end();
  }

  /** Sends directly to a queue that exists; anything else becomes a delivery. */
  #begin(publication: Publication, subscription: Subscription): Delivered {
    const endpoint = parseEndpoint(subscription.endpoint);
    const direct =
      endpoint.kind === 'queue' &&
      !this.#deliveries.isBlocked(publication, subscription) &&
      this.#toQueue(publication, subscription, endpoint.queue);
    if (direct) return direct;
    const isRecorded = endpoint.kind === 'mail' || endpoint.kind === 'sms';
    const text = isRecorded ? this.#format(publication, subscription) : undefined;
    return this.#deliveries.begin(publication, subscription, text);
  }

  #attempt(
    { publication }: Delivery,
    subscription: Subscription,
    signal: AbortSignal,
  ): Delivered | Promise<Delivered> {
    const endpoint = parseEndpoint(subscription.endpoint);
    if (endpoint.kind === 'queue') {
      const delivered = this.#toQueue(publication, subscription, endpoint.queue);
      if (delivered) return delivered;
      throw new SmqError('QueueNotExist', `Queue "${endpoint.queue}" does not exist`);
    }
    const { push } = this.#options;
    if (endpoint.kind !== 'http' || !push)
      throw new Undeliverable('nothing here delivers to this endpoint');
    const body = this.#format(publication, subscription, { extras: true });
    const { name, notifyContentFormat: format } = subscription;
    const request = { url: endpoint.url, publication, subscription: name, format, body };
    return push(request, signal).then(() => ({}));
  }

  #toQueue(
    publication: Publication,
    subscription: Subscription,
    name: string,
  ): Delivered | undefined {
    const queue = this.#queues.all.find(name);
    if (!queue) return undefined;
    const { userProperties, systemProperties, groupId } = publication;
    const body = this.#format(publication, subscription);
    return this.#into(queue, { body, userProperties, systemProperties, groupId });
  }

  /** Puts what the endpoint would have been sent into the subscription's dead-letter queue. */
  #deadLetter({ publication }: Delivery, subscription: Subscription): Delivered | undefined {
    const queue = this.#queues.all.find(subscription.deadLetterQueue ?? '');
    if (!queue) return undefined;
    const { topic, messageId, userProperties, groupId } = publication;
    const source = { kind: 'subscription', topic, subscription: subscription.name } as const;
    const systemProperties = deadLetterProperties(
      publication.systemProperties,
      source,
      this.#options.place,
      messageId,
    );
    const body = this.#format(publication, subscription);
    return this.#into(queue, { body, userProperties, systemProperties, groupId });
  }

  #into(queue: Queue, input: MessageInput): Delivered {
    const message = queue.prepareNotification(input);
    return {
      changes: queue.changesFor(message),
      onKept: () => {
        if (!queue.deleted) queue.admit(message);
      },
    };
  }

  #format(
    publication: Publication,
    subscription: Subscription,
    parts: { extras: boolean } = { extras: false },
  ): string {
    const { accountId } = this.#options.place;
    return formatNotification(publication, subscription, accountId, parts);
  }
}
