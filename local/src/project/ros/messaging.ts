import type { Fields } from '../fields.ts';
import type { QueueSpec, SubscriptionSpec, TopicSpec } from '../types.ts';

const DAYS = 24 * 60 * 60;
const HOURS = 60 * 60;
const MESSAGE_SIZE = { min: 1024, max: 65_536 };

const QUEUE_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,255}$/;
const TOPIC_NAME = /^[A-Za-z][A-Za-z0-9-]{0,255}$/;
const LONGEST_TAG = 16;

export function readQueue(properties: Fields): QueueSpec {
  return {
    name: readName(properties, 'QueueName', QUEUE_NAME),
    ...present({
      delaySeconds: properties.integer('DelaySeconds', { min: 0, max: 7 * DAYS }),
      maximumMessageSize: properties.integer('MaximumMessageSize', MESSAGE_SIZE),
      messageRetentionPeriod: properties.integer('MessageRetentionPeriod', {
        min: 60,
        max: 7 * DAYS,
      }),
      visibilityTimeout: properties.integer('VisibilityTimeout', { min: 1, max: 12 * HOURS }),
      pollingWaitSeconds: properties.integer('PollingWaitSeconds', { min: 0, max: 30 }),
      deadLetter: readDeadLetter(properties),
    }),
  };
}

export function readTopic(properties: Fields): TopicSpec {
  return {
    name: readName(properties, 'TopicName', TOPIC_NAME),
    ...present({ maximumMessageSize: properties.integer('MaximumMessageSize', MESSAGE_SIZE) }),
  };
}

export function readSubscription(properties: Fields): SubscriptionSpec {
  const filterTag = properties.string('FilterTag');
  if (filterTag && filterTag.length > LONGEST_TAG)
    throw properties.fault(
      'FilterTag',
      `has ${filterTag.length} characters`,
      `give ${LONGEST_TAG} at most`,
    );
  return {
    name: readName(properties, 'SubscriptionName', TOPIC_NAME),
    topic: properties.requireString('TopicName'),
    endpoint: properties.requireString('Endpoint'),
    ...present({
      filterTag,
      notifyStrategy: properties.oneOf('NotifyStrategy', [
        'BACKOFF_RETRY',
        'EXPONENTIAL_DECAY_RETRY',
      ]),
      notifyContentFormat: properties.oneOf('NotifyContentFormat', ['XML', 'JSON', 'SIMPLIFIED']),
    }),
  };
}

/** `acs:mns:<region>:<account>:queues/<name>` gives the name; every other endpoint undefined. */
export function queueOfEndpoint(endpoint: string): string | undefined {
  return /^acs:mns:[^:]*:[^:]*:\/?queues\/([^/]+)$/.exec(endpoint)?.[1];
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
    maxReceiveCount: policy.integer('MaxReceiveCount', { min: 1, max: 1000 }) ?? 1,
  };
}

function readName(properties: Fields, key: string, pattern: RegExp): string {
  const name = properties.requireString(key);
  if (pattern.test(name)) return name;
  throw properties.fault(
    key,
    `is "${name}"`,
    'use letters, digits and hyphens, 256 at most, beginning with a letter',
  );
}

type Present<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Leaves out what is undefined. */
export function present<Value extends object>(value: Value): Present<Value> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as Present<Value>;
}
