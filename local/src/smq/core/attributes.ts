import { inRange, SmqError, type SmqErrorCode } from '../errors.ts';
import {
  DELAY_SECONDS,
  MAX_NAME_CHARACTERS,
  MAX_RECEIVE_COUNT,
  MAX_TAG_CHARACTERS,
  MESSAGE_SIZE,
  RESOURCE_NAME,
  RETENTION_PERIOD,
  VISIBILITY_TIMEOUT,
  WAIT_SECONDS,
} from '../limits.ts';
import { MESSAGING_TYPES, type MessagingType } from '../spec.ts';

/** Attributes of a queue, in seconds and bytes, as in requests. */
export interface QueueAttributes {
  /** A FIFO queue refuses messages without a group. Fixed when the queue is created. */
  queueType: MessagingType;
  delaySeconds: number;
  maximumMessageSize: number;
  messageRetentionPeriod: number;
  visibilityTimeout: number;
  pollingWaitSeconds: number;
  loggingEnabled: boolean;
}

export const QUEUE_DEFAULTS: QueueAttributes = {
  queueType: 'normal',
  delaySeconds: 0,
  maximumMessageSize: 65_536,
  messageRetentionPeriod: 345_600,
  visibilityTimeout: 30,
  pollingWaitSeconds: 0,
  loggingEnabled: false,
};

export interface TopicAttributes {
  /** A FIFO topic refuses messages without a group. Fixed when the topic is created. */
  topicType: MessagingType;
  maximumMessageSize: number;
  loggingEnabled: boolean;
}

export const TOPIC_DEFAULTS: TopicAttributes = {
  topicType: 'normal',
  maximumMessageSize: 65_536,
  loggingEnabled: false,
};

/**
 * Where failing messages go: one received `maxReceiveCount` times and not deleted goes to `queue`
 * when its last lease ends.
 */
export interface DeadLetterPolicy {
  queue: string;
  maxReceiveCount: number;
}

/** Attributes as given in a request; one that is absent or undefined is not given. */
export type Given<T> = { [K in keyof T]?: T[K] | undefined };

/**
 * Returns `base` changed by the given attributes. Throws InvalidArgument for a value out of range.
 */
export function queueAttributes(
  given: Given<QueueAttributes>,
  base: QueueAttributes = QUEUE_DEFAULTS,
): QueueAttributes {
  const merged = merge(base, given);
  checkType('QueueType', merged.queueType);
  inRange('DelaySeconds', merged.delaySeconds, DELAY_SECONDS);
  inRange('MaximumMessageSize', merged.maximumMessageSize, MESSAGE_SIZE);
  inRange('MessageRetentionPeriod', merged.messageRetentionPeriod, RETENTION_PERIOD);
  inRange('VisibilityTimeout', merged.visibilityTimeout, VISIBILITY_TIMEOUT);
  inRange('PollingWaitSeconds', merged.pollingWaitSeconds, WAIT_SECONDS);
  return merged;
}

export function topicAttributes(
  given: Given<TopicAttributes>,
  base: TopicAttributes = TOPIC_DEFAULTS,
): TopicAttributes {
  const merged = merge(base, given);
  checkType('TopicType', merged.topicType);
  inRange('MaximumMessageSize', merged.maximumMessageSize, MESSAGE_SIZE);
  return merged;
}

export function checkDeadLetterPolicy(policy: DeadLetterPolicy): void {
  checkQueueName(policy.queue);
  inRange('MaxReceiveCount', policy.maxReceiveCount, MAX_RECEIVE_COUNT);
}

/** Throws InvalidArgument unless a FilterTag or MessageTag has 1 to 16 characters. */
export function checkTag(element: string, tag: string | undefined): void {
  if (tag === undefined || (tag.length > 0 && [...tag].length <= MAX_TAG_CHARACTERS)) return;
  throw new SmqError(
    'InvalidArgument',
    `The length of ${element} should between 1 and ${MAX_TAG_CHARACTERS}.`,
  );
}

export function checkQueueName(name: string): void {
  checkName(name, 'InvalidQueueName', 'QueueNameLengthError');
}

export function checkTopicName(name: string): void {
  checkName(name, 'TopicNameInvalid', 'TopicNameLengthError');
}

export function checkSubscriptionName(name: string): void {
  const code = 'SubscriptionNameInvalid';
  checkName(name, code, code);
}

/** Throws InvalidArgument for a type other than that of the existing queue or topic. */
export function checkSameType(
  element: string,
  present: MessagingType,
  given?: MessagingType,
): void {
  if (given === undefined || given === present) return;
  throw new SmqError('InvalidArgument', `The value of ${element} cannot be changed.`);
}

/** Throws FifoMissingMessageGroupId for a message without a group to a FIFO queue or topic. */
export function checkGroup(type: MessagingType, groupId: string | undefined): void {
  if (type === 'fifo' && groupId === undefined) throw new SmqError('FifoMissingMessageGroupId');
}

function checkType(element: string, type: MessagingType): void {
  if (MESSAGING_TYPES.includes(type)) return;
  throw new SmqError(
    'InvalidArgument',
    `The value of ${element} should be one of ${MESSAGING_TYPES.join(', ')}.`,
  );
}

function checkName(name: string, invalid: SmqErrorCode, tooLong: SmqErrorCode): void {
  if (name.length > MAX_NAME_CHARACTERS) throw new SmqError(tooLong);
  if (!RESOURCE_NAME.test(name)) throw new SmqError(invalid);
}

function merge<T extends object>(base: T, given: Given<T>): T {
  const merged = { ...base };
  for (const name of Object.keys(base) as (keyof T)[]) {
    const value: T[keyof T] | undefined = given[name];
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}
