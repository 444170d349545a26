import type { XmlElement } from '../../xml/parse.ts';
import type { XmlFields } from '../../xml/write.ts';
import type { DeadLetterPolicy, Given, QueueAttributes } from '../core/attributes.ts';
import type { QueueDescription } from '../core/queues.ts';
import { SmqError } from '../errors.ts';
import {
  checkChildren,
  childOf,
  optionalBoolean,
  optionalNumber,
  optionalText,
  optionalWord,
} from '../read-xml.ts';
import { MESSAGING_TYPES, type MessagingType } from '../spec.ts';

/** Elements that a request may set for a queue. */
export const QUEUE_ELEMENTS = [
  'QueueType',
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'VisibilityTimeout',
  'PollingWaitSeconds',
  'LoggingEnabled',
  'DlqPolicy',
];

export function readQueueAttributes(body: XmlElement): Given<QueueAttributes> {
  return {
    queueType: optionalType(body, 'QueueType'),
    delaySeconds: optionalNumber(body, 'DelaySeconds'),
    maximumMessageSize: optionalNumber(body, 'MaximumMessageSize'),
    messageRetentionPeriod: optionalNumber(body, 'MessageRetentionPeriod'),
    visibilityTimeout: optionalNumber(body, 'VisibilityTimeout'),
    pollingWaitSeconds: optionalNumber(body, 'PollingWaitSeconds'),
    loggingEnabled: optionalBoolean(body, 'LoggingEnabled'),
  };
}

/**
 * Reads the type of a queue or a topic, in the values of the control-plane API, in any case; this
 * XML API is not documented to accept it.
 */
export function optionalType(body: XmlElement, name: string): MessagingType | undefined {
  return optionalWord(body, name, MESSAGING_TYPES);
}

/**
 * Reads a dead-letter policy in the form of the control-plane API, which this XML API is not
 * documented to accept: it is accepted all the same, so that one client can declare a whole queue.
 * Returns `'none'` for one that is not enabled. Throws MalformedXML if the target or the count is
 * missing.
 */
export function readDeadLetter(body: XmlElement): DeadLetterPolicy | 'none' | undefined {
  const policy = childOf(body, 'DlqPolicy');
  if (!policy) return undefined;
  checkChildren(policy, ['Enabled', 'DeadLetterTargetQueue', 'MaxReceiveCount']);
  if (optionalBoolean(policy, 'Enabled') === false) return 'none';
  const queue = optionalText(policy, 'DeadLetterTargetQueue')?.trim();
  const maxReceiveCount = optionalNumber(policy, 'MaxReceiveCount');
  if (queue === undefined || maxReceiveCount === undefined) throw new SmqError('MalformedXML');
  return { queue, maxReceiveCount };
}

/**
 * Returns a queue's elements in the service's order, which some parsers depend on. Times are in
 * seconds here. The type comes after them and only where it is not the default, a dead-letter
 * policy last and only if there is one.
 */
export function queueElements(queue: QueueDescription): XmlFields {
  return {
    QueueName: queue.name,
    DelaySeconds: queue.delaySeconds,
    MaximumMessageSize: queue.maximumMessageSize,
    MessageRetentionPeriod: queue.messageRetentionPeriod,
    VisibilityTimeout: queue.visibilityTimeout,
    CreateTime: toSeconds(queue.createTime),
    LastModifyTime: toSeconds(queue.lastModifyTime),
    PollingWaitSeconds: queue.pollingWaitSeconds,
    ActiveMessages: queue.counts.active,
    InactiveMessages: queue.counts.inactive,
    DelayMessages: queue.counts.delayed,
    LoggingEnabled: capitalised(queue.loggingEnabled),
    QueueType: queue.queueType === 'normal' ? undefined : queue.queueType,
    DlqPolicy: deadLetterElements(queue.deadLetter),
  };
}

function deadLetterElements(policy: DeadLetterPolicy | undefined): XmlFields | undefined {
  return (
    policy && {
      Enabled: 'True',
      DeadLetterTargetQueue: policy.queue,
      MaxReceiveCount: policy.maxReceiveCount,
    }
  );
}

/** Converts milliseconds to whole seconds. */
export function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Returns `True` or `False`, as the service writes it. */
export function capitalised(value: boolean): string {
  return value ? 'True' : 'False';
}
