import { SmqError } from '../errors.ts';

export const NOTIFY_STRATEGIES = ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'] as const;
export const NOTIFY_FORMATS = ['XML', 'JSON', 'SIMPLIFIED', 'STREAM'] as const;
export type NotifyStrategy = (typeof NOTIFY_STRATEGIES)[number];
export type NotifyFormat = (typeof NOTIFY_FORMATS)[number];

export interface SubscriptionInput {
  endpoint: string;
  /** Only messages with this very tag; absent: all. */
  filterTag?: string | undefined;
  notifyStrategy?: NotifyStrategy | undefined;
  notifyContentFormat?: NotifyFormat | undefined;
}

export interface Subscription {
  topic: string;
  name: string;
  endpoint: string;
  filterTag?: string;
  notifyStrategy: NotifyStrategy;
  notifyContentFormat: NotifyFormat;
  /** Milliseconds since the epoch. */
  createTime: number;
  lastModifyTime: number;
}

export type Endpoint =
  | { kind: 'queue'; queue: string }
  | { kind: 'http'; url: string }
  | { kind: 'mail' | 'sms'; address: string };

/** Reads an endpoint; region and account of a queue are not compared, SDKs send odd ones against an IP address. Throws EndpointInvalid. */
export function parseEndpoint(endpoint: string): Endpoint {
  const [, queue] = /^acs:mns:[^:]*:[^:]*:\/?queues\/([A-Za-z][A-Za-z0-9-]*)$/.exec(endpoint) ?? [];
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
