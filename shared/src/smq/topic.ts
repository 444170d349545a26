import { parseSubscription, parseTopic, topicXml } from './attributes.ts';
import { checkName, checkTag } from './check.ts';
import type { Call, Connection } from './connection.ts';
import { listNames } from './list.ts';
import { attributesXml, bodyXml, groupXml, parseSent, userPropertiesXml } from './message.ts';
import type {
  ListOptions,
  NamePage,
  NotifyStrategy,
  PublishOptions,
  SentMessage,
  SubscriptionAttributes,
  SubscriptionSettings,
  TopicAttributes,
  TopicSettings,
} from './types.ts';
import { element, xmlDocument } from './xml.ts';

/**
 * An SMQ topic: a message goes to each subscription whose filter tag matches. Every method rejects with a
 * ServiceError when the service refuses, fails or does not answer.
 */
export class Topic {
  readonly name: string;
  readonly #connection: Connection;

  constructor(connection: Connection, name: string) {
    this.name = checkName('Topic', name);
    this.#connection = connection;
  }

  /**
   * Publishes one message. The body may take 64 KB as escaped UTF-8 and may not have characters that XML
   * cannot carry: an InvalidInputError (`PayloadTooLarge`, `InvalidCharacter`) is thrown before anything is
   * sent. After a ServiceError that is `retryable` the message may be published or not.
   */
  async publish(body: string, options: PublishOptions = {}): Promise<SentMessage> {
    const { tag, attributes, userProperties, messageGroupId } = options;
    const content = [
      bodyXml(body),
      element('MessageTag', checkTag(tag)),
      attributesXml(attributes),
      userPropertiesXml(userProperties),
      groupXml(messageGroupId),
    ].join('');
    const answer = await this.#call({
      name: 'PublishMessage',
      method: 'POST',
      path: `/topics/${this.name}/messages`,
      root: 'Message',
      body: xmlDocument('Message', content),
      statuses: [201],
    });
    return answer.read(parseSent);
  }

  /**
   * Subscribes an endpoint under a name. Returns false if the same subscription already exists; throws a
   * ServiceError (`SubscriptionAlreadyExist`) if one of that name has other settings.
   */
  async subscribe(name: string, settings: SubscriptionSettings): Promise<boolean> {
    const { endpoint, filterTag, notifyStrategy, notifyContentFormat } = settings;
    const content = [
      element('Endpoint', endpoint),
      element('FilterTag', checkTag(filterTag)),
      element('NotifyStrategy', notifyStrategy),
      element('NotifyContentFormat', notifyContentFormat),
    ].join('');
    const answer = await this.#call({
      name: 'Subscribe',
      method: 'PUT',
      path: this.#subscription(name),
      body: xmlDocument('Subscription', content),
      statuses: [201, 204],
    });
    return answer.status === 201;
  }

  /** Ends a subscription. Succeeds if it does not exist. */
  async unsubscribe(name: string): Promise<void> {
    await this.#call({
      name: 'Unsubscribe',
      method: 'DELETE',
      path: this.#subscription(name),
      statuses: [204],
    });
  }

  /** Returns one page of the subscriptions' names. */
  subscriptions(options: ListOptions = {}): Promise<NamePage> {
    const path = `/topics/${this.name}/subscriptions`;
    const call = { name: 'ListSubscriptionByTopic', target: this.#target, path };
    return listNames(this.#connection, 'Subscription', call, options);
  }

  async subscription(name: string): Promise<SubscriptionAttributes> {
    const answer = await this.#call({
      name: 'GetSubscriptionAttributes',
      method: 'GET',
      path: this.#subscription(name),
      root: 'Subscription',
      statuses: [200],
    });
    return answer.read(parseSubscription);
  }

  async setSubscription(name: string, notifyStrategy: NotifyStrategy): Promise<void> {
    await this.#call({
      name: 'SetSubscriptionAttributes',
      method: 'PUT',
      path: `${this.#subscription(name)}?metaoverride=true`,
      body: xmlDocument('Subscription', element('NotifyStrategy', notifyStrategy)),
      statuses: [204],
    });
  }

  async attributes(): Promise<TopicAttributes> {
    const answer = await this.#call({
      name: 'GetTopicAttributes',
      method: 'GET',
      path: `/topics/${this.name}`,
      root: 'Topic',
      statuses: [200],
    });
    return answer.read(parseTopic);
  }

  /** Changes the given attributes and leaves the rest. */
  async setAttributes(settings: TopicSettings): Promise<void> {
    await this.#call({
      name: 'SetTopicAttributes',
      method: 'PUT',
      path: `/topics/${this.name}?metaoverride=true`,
      body: xmlDocument('Topic', topicXml(settings)),
      statuses: [204],
    });
  }

  get #target(): string {
    return `topic "${this.name}"`;
  }

  #call(call: Omit<Call, 'target'>) {
    return this.#connection.call({ ...call, target: this.#target });
  }

  #subscription(name: string): string {
    return `/topics/${this.name}/subscriptions/${checkName('Subscription', name)}`;
  }
}
