import type { Given, QueueAttributes } from '../core/attributes.ts';
import type { QueueDescription } from '../core/queues.ts';
import type { XmlElement } from '../xml/parse.ts';
import { optionalBoolean, optionalNumber } from '../xml/read.ts';
import type { XmlNode } from '../xml/write.ts';

export function readQueueAttributes(body: XmlElement): Given<QueueAttributes> {
  return {
    delaySeconds: optionalNumber(body, 'DelaySeconds'),
    maximumMessageSize: optionalNumber(body, 'MaximumMessageSize'),
    messageRetentionPeriod: optionalNumber(body, 'MessageRetentionPeriod'),
    visibilityTimeout: optionalNumber(body, 'VisibilityTimeout'),
    pollingWaitSeconds: optionalNumber(body, 'PollingWaitSeconds'),
    loggingEnabled: optionalBoolean(body, 'LoggingEnabled'),
  };
}

/** In the service's order, which some parsers depend on. Times are in seconds here. */
export function queueElements(queue: QueueDescription): XmlNode[] {
  return [
    ['QueueName', queue.name],
    ['DelaySeconds', queue.delaySeconds],
    ['MaximumMessageSize', queue.maximumMessageSize],
    ['MessageRetentionPeriod', queue.messageRetentionPeriod],
    ['VisibilityTimeout', queue.visibilityTimeout],
    ['CreateTime', toSeconds(queue.createTime)],
    ['LastModifyTime', toSeconds(queue.lastModifyTime)],
    ['PollingWaitSeconds', queue.pollingWaitSeconds],
    ['ActiveMessages', queue.counts.active],
    ['InactiveMessages', queue.counts.inactive],
    ['DelayMessages', queue.counts.delayed],
    ['LoggingEnabled', capitalised(queue.loggingEnabled)],
  ];
}

export function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** `True` or `False`, as the service writes it. */
export function capitalised(value: boolean): string {
  return value ? 'True' : 'False';
}
