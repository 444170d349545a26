import type { NotifyStrategy } from '../retry-schedule.ts';
import { RESOURCE_NAME } from './limits.ts';

export const NOTIFY_FORMATS = ['XML', 'JSON', 'SIMPLIFIED', 'STREAM'] as const;
export type NotifyFormat = (typeof NOTIFY_FORMATS)[number];

/** The types of queues and topics, as the control-plane API of 2022-01-19 names them. */
export const MESSAGING_TYPES = ['normal', 'fifo'] as const;
export type MessagingType = (typeof MESSAGING_TYPES)[number];

/**
 * A queue as a project declares it; absent values have the service's defaults. Seconds and bytes,
 * as in requests.
 */
export interface QueueSpec {
  name: string;
  /** A FIFO queue refuses messages without a group; absent: normal. */
  queueType?: MessagingType;
  delaySeconds?: number;
  maximumMessageSize?: number;
  messageRetentionPeriod?: number;
  visibilityTimeout?: number;
  pollingWaitSeconds?: number;
  deadLetter?: { queue: string; maxReceiveCount: number };
}

/** A topic as a project declares it. */
export interface TopicSpec {
  name: string;
  /** A FIFO topic refuses messages without a group; absent: normal. */
  topicType?: MessagingType;
  maximumMessageSize?: number;
}

/** A subscription as a project declares it. */
export interface SubscriptionSpec {
  name: string;
  topic: string;
  endpoint: string;
  filterTag?: string;
  notifyStrategy?: NotifyStrategy;
  notifyContentFormat?: NotifyFormat;
  deadLetterQueue?: string;
}

/**
 * Returns the queue that an endpoint `acs:mns:<region>:<account>:queues/<name>` names; undefined
 * for every other endpoint.
 */
export function queueOfEndpoint(endpoint: string): string | undefined {
  const name = /^acs:mns:[^:]*:[^:]*:\/?queues\/(.+)$/.exec(endpoint)?.[1];
  return name !== undefined && RESOURCE_NAME.test(name) ? name : undefined;
}
