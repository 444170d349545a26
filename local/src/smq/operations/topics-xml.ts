import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import type { XmlElement } from '../../xml/parse.ts';
import type { XmlFields } from '../../xml/write.ts';
import type { Given, TopicAttributes } from '../core/attributes.ts';
import type { TopicDescription } from '../core/service.ts';
import type { Subscription, SubscriptionInput } from '../core/subscription.ts';
import { SmqError } from '../errors.ts';
import { TOPIC_RETENTION_PERIOD } from '../limits.ts';
import { optionalBoolean, optionalNumber, optionalText } from '../read-xml.ts';
import { NOTIFY_FORMATS } from '../spec.ts';
import { capitalised, toSeconds } from './queues-xml.ts';

export function readTopicAttributes(body: XmlElement): Given<TopicAttributes> {
  return {
    maximumMessageSize: optionalNumber(body, 'MaximumMessageSize'),
    loggingEnabled: optionalBoolean(body, 'LoggingEnabled'),
  };
}

export function topicElements(topic: TopicDescription): XmlFields {
  return {
    TopicName: topic.name,
    CreateTime: toSeconds(topic.createTime),
    LastModifyTime: toSeconds(topic.lastModifyTime),
    MaximumMessageSize: topic.maximumMessageSize,
    MessageRetentionPeriod: TOPIC_RETENTION_PERIOD,
    MessageCount: topic.messageCount,
    LoggingEnabled: capitalised(topic.loggingEnabled),
  };
}

export function readSubscription(body: XmlElement): SubscriptionInput {
  const endpoint = optionalText(body, 'Endpoint');
  if (endpoint === undefined) throw new SmqError('EndpointInvalid');
  return {
    endpoint,
    filterTag: optionalText(body, 'FilterTag'),
    notifyStrategy: oneOf(body, 'NotifyStrategy', NOTIFY_STRATEGIES),
    notifyContentFormat: oneOf(body, 'NotifyContentFormat', NOTIFY_FORMATS),
  };
}

export function subscriptionElements(subscription: Subscription, accountId: string): XmlFields {
  return {
    SubscriptionName: subscription.name,
    Subscriber: accountId,
    TopicOwner: accountId,
    TopicName: subscription.topic,
    Endpoint: subscription.endpoint,
    NotifyStrategy: subscription.notifyStrategy,
    NotifyContentFormat: subscription.notifyContentFormat,
    FilterTag: subscription.filterTag,
    CreateTime: toSeconds(subscription.createTime),
    LastModifyTime: toSeconds(subscription.lastModifyTime),
  };
}

/** One of the known words, in whatever case. */
export function oneOf<T extends string>(
  body: XmlElement,
  name: string,
  known: readonly T[],
): T | undefined {
  const given = optionalText(body, name)?.trim().toUpperCase();
  if (given === undefined) return undefined;
  const found = known.find((word) => word === given);
  if (found) return found;
  throw new SmqError(
    'InvalidArgument',
    `The value of ${name} should be one of ${known.join(', ')}.`,
  );
}
