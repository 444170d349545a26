import type { NotifyStrategy } from '../../retry-schedule.ts';
import { SmqError } from '../errors.ts';
import { type NotifyFormat, queueOfEndpoint } from '../spec.ts';

export interface SubscriptionInput {
  endpoint: string;
  /** Only messages with exactly this tag; absent: all. */
  filterTag?: string | undefined;
  notifyStrategy?: NotifyStrategy | undefined;
  notifyContentFormat?: NotifyFormat | undefined;
  /** Queue for notifications that could not be delivered; absent: they are dropped. */
  deadLetterQueue?: string | undefined;
}

/** Changes to an existing subscription; absent values stay. */
export interface SubscriptionChange {
  notifyStrategy?: NotifyStrategy | undefined;
  filterTag?: string | undefined;
  /** False removes it. */
  deadLetterQueue?: string | false | undefined;
}

export interface Subscription {
  topic: string;
  name: string;
  endpoint: string;
  filterTag?: string;
  notifyStrategy: NotifyStrategy;
  notifyContentFormat: NotifyFormat;
  deadLetterQueue?: string;
  /** Milliseconds since the epoch. */
  createTime: number;
  lastModifyTime: number;
}

export type Endpoint =
  | { kind: 'queue'; queue: string }
  | { kind: 'http'; url: string }
  | { kind: 'mail' | 'sms'; address: string };

/**
 * Parses an endpoint; region and account of a queue are not compared, since SDKs send odd ones
 * against an IP address. Throws EndpointInvalid.
 */
export function parseEndpoint(endpoint: string): Endpoint {
  const queue = queueOfEndpoint(endpoint);
  if (queue) return { kind: 'queue', queue };
  if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint))
    return { kind: 'http', url: endpoint };
  const [, kind, address] = /^(mail:directmail|sms:directsms):(\S+)$/.exec(endpoint) ?? [];
  if (kind && address) return { kind: kind === 'mail:directmail' ? 'mail' : 'sms', address };
  throw new SmqError('EndpointInvalid');
}

export function wants(subscription: Subscription, tag: string | undefined): boolean {
  return subscription.filterTag === undefined || subscription.filterTag === tag;
}
