import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import type { XmlElement } from '../../xml/parse.ts';
import type { XmlFields } from '../../xml/write.ts';
import type { Given, TopicAttributes } from '../core/attributes.ts';
import type { TopicDescription } from '../core/service.ts';
import type { Subscription, SubscriptionInput } from '../core/subscription.ts';
import { SmqError } from '../errors.ts';
import { TOPIC_RETENTION_PERIOD } from '../limits.ts';
import {
  checkChildren,
  childOf,
  optionalBoolean,
  optionalNumber,
  optionalText,
  optionalWord,
} from '../read-xml.ts';
import { NOTIFY_FORMATS } from '../spec.ts';
import { capitalised, optionalType, toSeconds } from './queues-xml.ts';

/** Elements that a request may set for a topic. */
export const TOPIC_ELEMENTS = ['TopicType', 'MaximumMessageSize', 'LoggingEnabled'];

export function readTopicAttributes(body: XmlElement): Given<TopicAttributes> {
  return {
    topicType: optionalType(body, 'TopicType'),
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
    TopicType: topic.topicType === 'normal' ? undefined : topic.topicType,
  };
}

/** Elements of a request that creates a subscription. */
export const SUBSCRIPTION_ELEMENTS = [
  'Endpoint',
  'FilterTag',
  'NotifyStrategy',
  'NotifyContentFormat',
  'DlqPolicy',
];

export function readSubscription(body: XmlElement): SubscriptionInput {
  const endpoint = optionalText(body, 'Endpoint');
  if (endpoint === undefined) throw new SmqError('EndpointInvalid');
  return {
    endpoint,
    filterTag: optionalText(body, 'FilterTag'),
    notifyStrategy: optionalWord(body, 'NotifyStrategy', NOTIFY_STRATEGIES),
    notifyContentFormat: optionalWord(body, 'NotifyContentFormat', NOTIFY_FORMATS),
    deadLetterQueue: readDeadLetterQueue(body) || undefined,
  };
}

/**
 * Reads a subscription's dead-letter policy, in the form of the control-plane API, like a queue's;
 * false for one that is not enabled. Throws MalformedXML if the target is missing.
 */
export function readDeadLetterQueue(body: XmlElement): string | false | undefined {
  const policy = childOf(body, 'DlqPolicy');
  if (!policy) return undefined;
  checkChildren(policy, ['Enabled', 'DeadLetterTargetQueue']);
  if (optionalBoolean(policy, 'Enabled') === false) return false;
  const queue = optionalText(policy, 'DeadLetterTargetQueue')?.trim();
  if (!queue) throw new SmqError('MalformedXML');
  return queue;
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
    DlqPolicy: subscription.deadLetterQueue && {
      Enabled: 'True',
      DeadLetterTargetQueue: subscription.deadLetterQueue,
    },
  };
}
