import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import {
  DELAY_SECONDS,
  MAX_NAME_CHARACTERS,
  MAX_RECEIVE_COUNT,
  MESSAGE_SIZE,
  RESOURCE_NAME,
  RETENTION_PERIOD,
  VISIBILITY_TIMEOUT,
  WAIT_SECONDS,
} from '../../smq/limits.ts';
import type { Fields } from '../fields.ts';
import { present } from '../present.ts';
import { readTag } from '../read-tag.ts';
import type { QueueSpec, SubscriptionSpec, TopicSpec } from '../types.ts';

/** Formats of Resource Orchestration Service, which has no STREAM. */
const NOTIFY_FORMATS = ['XML', 'JSON', 'SIMPLIFIED'] as const;

export function readQueue(properties: Fields): QueueSpec {
  return {
    name: readName(properties, 'QueueName'),
    ...present({
      delaySeconds: properties.integer('DelaySeconds', DELAY_SECONDS),
      maximumMessageSize: properties.integer('MaximumMessageSize', MESSAGE_SIZE),
      messageRetentionPeriod: properties.integer('MessageRetentionPeriod', RETENTION_PERIOD),
      visibilityTimeout: properties.integer('VisibilityTimeout', VISIBILITY_TIMEOUT),
      pollingWaitSeconds: properties.integer('PollingWaitSeconds', WAIT_SECONDS),
      deadLetter: readDeadLetter(properties),
    }),
  };
}

export function readTopic(properties: Fields): TopicSpec {
  return {
    name: readName(properties, 'TopicName'),
    ...present({ maximumMessageSize: properties.integer('MaximumMessageSize', MESSAGE_SIZE) }),
  };
}

export function readSubscription(properties: Fields): SubscriptionSpec {
  const filterTag = readTag(properties, 'FilterTag');
  return {
    name: readName(properties, 'SubscriptionName'),
    topic: properties.requireString('TopicName'),
    endpoint: properties.requireString('Endpoint'),
    ...present({
      filterTag,
      notifyStrategy: properties.oneOf('NotifyStrategy', NOTIFY_STRATEGIES),
      notifyContentFormat: properties.oneOf('NotifyContentFormat', NOTIFY_FORMATS),
      deadLetterQueue: readDeadLetterQueue(properties),
    }),
  };
}

function readDeadLetter(properties: Fields): QueueSpec['deadLetter'] {
  const policy = properties
    .map('DlqPolicy')
    ?.only(['Enabled', 'DeadLetterTargetQueue', 'MaxReceiveCount']);
  if (!policy || policy.boolean('Enabled') === false) return undefined;
  policy.require('Enabled');
  policy.require('MaxReceiveCount');
  return {
    queue: policy.requireString('DeadLetterTargetQueue'),
    maxReceiveCount: policy.integer('MaxReceiveCount', MAX_RECEIVE_COUNT) ?? 1,
  };
}

function readDeadLetterQueue(properties: Fields): string | undefined {
  const policy = properties.map('DlqPolicy')?.only(['Enabled', 'DeadLetterTargetQueue']);
  if (!policy || policy.boolean('Enabled') === false) return undefined;
  return policy.requireString('DeadLetterTargetQueue');
}

function readName(properties: Fields, key: string): string {
  const name = properties.requireString(key);
  if (name.length <= MAX_NAME_CHARACTERS && RESOURCE_NAME.test(name)) return name;
  throw properties.fault(
    key,
    `is "${name}"`,
    `use letters, digits and hyphens, ${MAX_NAME_CHARACTERS} at most, beginning with a letter or a digit`,
  );
}
