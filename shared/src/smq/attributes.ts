import { flag, type Item, items, number, optionalText, text } from './answer.ts';
import { checkRange } from './check.ts';
import {
  MAX_BODY_BYTES,
  MAX_DELAY_SECONDS,
  MAX_RETENTION_SECONDS,
  MAX_VISIBILITY_SECONDS,
  MAX_WAIT_SECONDS,
  MIN_BODY_LIMIT_BYTES,
  MIN_RETENTION_SECONDS,
  MIN_VISIBILITY_SECONDS,
} from './limits.ts';
import type {
  NamePage,
  QueueAttributes,
  QueueSettings,
  SubscriptionAttributes,
  TopicAttributes,
  TopicSettings,
} from './types.ts';
import { element } from './xml.ts';

/** Returns the children of a `<Queue>` that sets attributes. */
export function queueXml(settings: QueueSettings): string {
  const range = (name: keyof Omit<QueueSettings, 'loggingEnabled'>, low: number, high: number) =>
    checkRange(name, settings[name], low, high);
  return [
    element('DelaySeconds', range('delaySeconds', 0, MAX_DELAY_SECONDS)),
    element(
      'MaximumMessageSize',
      range('maximumMessageSize', MIN_BODY_LIMIT_BYTES, MAX_BODY_BYTES),
    ),
    element(
      'MessageRetentionPeriod',
      range('messageRetentionPeriod', MIN_RETENTION_SECONDS, MAX_RETENTION_SECONDS),
    ),
    element(
      'VisibilityTimeout',
      range('visibilityTimeout', MIN_VISIBILITY_SECONDS, MAX_VISIBILITY_SECONDS),
    ),
    element('PollingWaitSeconds', range('pollingWaitSeconds', 0, MAX_WAIT_SECONDS)),
    loggingXml(settings),
  ].join('');
}

/** Returns the children of a `<Topic>` that sets attributes. */
export function topicXml(settings: TopicSettings): string {
  const size = checkRange(
    'maximumMessageSize',
    settings.maximumMessageSize,
    MIN_BODY_LIMIT_BYTES,
    MAX_BODY_BYTES,
  );
  return element('MaximumMessageSize', size) + loggingXml(settings);
}

function loggingXml({ loggingEnabled }: { loggingEnabled?: boolean }): string {
  if (loggingEnabled === undefined) return '';
  return element('LoggingEnabled', loggingEnabled ? 'True' : 'False');
}

export function parseQueue(item: Item): QueueAttributes {
  return {
    name: text(item, 'QueueName'),
    delaySeconds: number(item, 'DelaySeconds'),
    maximumMessageSize: number(item, 'MaximumMessageSize'),
    messageRetentionPeriod: number(item, 'MessageRetentionPeriod'),
    visibilityTimeout: number(item, 'VisibilityTimeout'),
    pollingWaitSeconds: number(item, 'PollingWaitSeconds'),
    loggingEnabled: flag(item, 'LoggingEnabled'),
    activeMessages: number(item, 'ActiveMessages'),
    inactiveMessages: number(item, 'InactiveMessages'),
    delayMessages: number(item, 'DelayMessages'),
    ...parseTimes(item),
  };
}

export function parseTopic(item: Item): TopicAttributes {
  return {
    name: text(item, 'TopicName'),
    maximumMessageSize: number(item, 'MaximumMessageSize'),
    messageRetentionPeriod: number(item, 'MessageRetentionPeriod'),
    messageCount: number(item, 'MessageCount'),
    loggingEnabled: flag(item, 'LoggingEnabled'),
    ...parseTimes(item),
  };
}

export function parseSubscription(item: Item): SubscriptionAttributes {
  return {
    name: text(item, 'SubscriptionName'),
    topicName: text(item, 'TopicName'),
    endpoint: text(item, 'Endpoint'),
    filterTag: optionalText(item, 'FilterTag') || undefined,
    notifyStrategy: text(item, 'NotifyStrategy'),
    notifyContentFormat: text(item, 'NotifyContentFormat'),
    ...parseTimes(item),
  };
}

/** The service gives whole seconds. */
function parseTimes(item: Item): { createTime: number; lastModifyTime: number } {
  return {
    createTime: number(item, 'CreateTime') * 1000,
    lastModifyTime: number(item, 'LastModifyTime') * 1000,
  };
}

/**
 * Parses one page of a list of queues, topics or subscriptions. Its entries carry a URL whose last part is
 * the name.
 */
export function parseNames(kind: 'Queue' | 'Topic' | 'Subscription', list: Item): NamePage {
  const names = items(list, kind).map((item) => text(item, `${kind}URL`).split('/').at(-1) ?? '');
  const nextMarker = optionalText(list, 'NextMarker');
  return { names, ...(nextMarker && { nextMarker }) };
}
