import { createHash } from 'node:crypto';
import { queueEvent as queueTriggerEvent } from '../fc/triggers/eventbridge-event.ts';
import type { HttpEvent } from '../fc/triggers/http-event.ts';
import { topicEvent as topicTriggerEvent } from '../fc/triggers/mns-topic-event.ts';
import { ossEvent as ossTriggerEvent, ruleId } from '../fc/triggers/oss-event.ts';
import { timerEvent as timerTriggerEvent } from '../fc/triggers/timer-event.ts';
import { DEFAULTS } from '../options.ts';

/** Stated origin and time of an event; the same for each event unless a test sets them. */
export interface EventOrigin {
  /** Default 1000000000000001. */
  accountId?: string;
  /** Default cn-hangzhou. */
  region?: string;
  /** Milliseconds since the epoch; default 2026-01-02T03:04:05Z. */
  now?: number;
}

export interface HttpEventOptions extends EventOrigin {
  /** Default POST. */
  method?: string;
  /** Decoded, with a leading slash; default /. */
  path?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** Bytes are encoded as base64, as FC does with anything that is not text. */
  body?: string | Uint8Array;
}

export interface ObjectInEvent {
  key: string;
  /** Bytes; default 1. */
  size?: number;
  eTag?: string;
  /** Default ObjectCreated:PutObject. */
  name?: string;
}

export interface QueueEventOptions extends EventOrigin {
  /** Default `orders`. */
  queue?: string;
  /**
   * Number of the first message, from which its id is made; default 0. Events with the same numbers
   * repeat their messages.
   */
  first?: number;
}

export interface TopicEventOptions extends EventOrigin {
  /** Default `orders`. */
  topic?: string;
  /** Default JSON. */
  format?: 'STREAM' | 'JSON';
  /** User properties of the message. */
  attributes?: Record<string, string>;
}

export interface TimerEventOptions extends EventOrigin {
  /** Default `timer`. */
  triggerName?: string;
  payload?: string;
}

/** Returns the event that an HTTP trigger (payload version v1) makes from a request. */
export function httpEvent(options: HttpEventOptions = {}): Buffer {
  const { method = 'POST', path = '/', headers = {}, query = {}, body = '' } = options;
  const { accountId, now } = originOf(options);
  const event: HttpEvent = {
    version: 'v1',
    rawPath: encodeURI(path),
    body: typeof body === 'string' ? body : Buffer.from(body).toString('base64'),
    isBase64Encoded: typeof body !== 'string',
    headers,
    queryParameters: query,
    requestContext: {
      accountId,
      domainName: 'test.localhost',
      domainPrefix: 'test',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: '1-65000000-0123456789abcdef01234567',
      time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
      timeEpoch: String(now),
    },
  };
  return json(event);
}

/** Returns the event of an OSS trigger with one entry for each object. */
export function ossEvent(
  bucket: string,
  objects: readonly ObjectInEvent[],
  origin: EventOrigin = {},
): Buffer {
  const { accountId, region, now } = originOf(origin);
  const events = objects.flatMap(({ key, size = 1, eTag = '', name }) => {
    const change = {
      name: name ?? 'ObjectCreated:PutObject',
      bucket,
      key,
      size,
      deltaSize: size,
      eTag,
      time: now,
      requestId: '650000000123456789ABCDEF',
      requester: { accountId },
    };
    const options = { accountId, region, ruleId: ruleId(bucket) };
    return (ossTriggerEvent(change, options) as { events: object[] }).events;
  });
  return json({ events });
}

/** Returns the batch that an eventbridge trigger makes from messages of an SMQ queue. */
export function queueEvent(bodies: readonly string[], options: QueueEventOptions = {}): Buffer {
  const { queue = 'orders', first = 0 } = options;
  const origin = originOf(options);
  const messages = bodies.map((body, index) => ({
    id: (first + index).toString(16).toUpperCase().padStart(32, '0'),
    body,
    enqueueTime: origin.now,
    receiptHandle: '',
  }));
  const trigger = { name: queue, queue, schema: 'CloudEvents', decodeBase64: false } as const;
  return queueTriggerEvent(messages, trigger, origin);
}

/** Returns the event that an mns_topic trigger makes from a published message. */
export function topicEvent(body: string, options: TopicEventOptions = {}): Buffer {
  const { topic = 'orders', format = 'JSON', attributes = {} } = options;
  const { accountId, now } = originOf(options);
  const userProperties = Object.entries(attributes).map(([name, value]) => ({
    name,
    value,
    type: 'STRING' as const,
  }));
  const message = {
    messageId: '2F5B3C281B283D4EAC694B7425280000',
    body,
    bodyMd5: createHash('md5').update(body).digest('hex').toUpperCase(),
    publishTime: now,
    ...(userProperties.length > 0 && { userProperties }),
  };
  return topicTriggerEvent(message, { name: topic, topic, format }, accountId);
}

/** Returns the event of a timer trigger. */
export function timerEvent(options: TimerEventOptions = {}): Buffer {
  const { triggerName = 'timer', payload = '' } = options;
  return json(timerTriggerEvent({ name: triggerName, payload }, originOf(options).now));
}

function originOf({ accountId, region, now }: EventOrigin): Required<EventOrigin> {
  return {
    accountId: accountId ?? DEFAULTS.accountId,
    region: region ?? DEFAULTS.region,
    now: now ?? Date.parse('2026-01-02T03:04:05Z'),
  };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
