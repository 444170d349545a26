import { createHash, randomUUID } from 'node:crypto';
import { percentDecodeOrKeep } from '../../percent.ts';
import type { QueueTriggerSpec, TopicTriggerSpec, TriggerSpec } from '../../project/types.ts';
import type { ObjectChange } from '../sources.ts';
import { queueEvent } from './eventbridge-event.ts';
import type { HttpEvent } from './http-event.ts';
import { topicEvent } from './mns-topic-event.ts';
import { ossEvent, ruleId } from './oss-event.ts';
import { timerEvent } from './timer-event.ts';

/** Origin and time that a sample event states. */
export interface SampleOrigin {
  accountId: string;
  region: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Returns an event that the trigger could give its function, made by the code for real ones. */
export function triggerSample(trigger: TriggerSpec, origin: SampleOrigin): Buffer {
  switch (trigger.type) {
    case 'http': {
      const method = trigger.methods[0] ?? 'GET';
      const body = method === 'GET' || method === 'HEAD' ? '' : '{}';
      return httpSample({ method, path: '/', body, contentType: 'application/json' }, origin);
    }
    case 'timer':
      return json(timerEvent(trigger, origin.now));
    case 'oss': {
      // `oss:ObjectCreated:*` means any of its kind.
      const name = (trigger.events[0] ?? '').replace(/^oss:/, '').replace('*', 'PutObject');
      const key = `${trigger.prefix}sample${trigger.suffix}`;
      return ossSample({ name, bucket: trigger.bucket, key, size: 1024 }, origin);
    }
    case 'mns_topic':
      return topicSample({ body: '{}', tag: trigger.filterTag }, trigger, origin);
    case 'eventbridge':
      return queueSample('{}', trigger, origin);
  }
}

export function ossSample(
  { name, bucket, key, size }: Pick<ObjectChange, 'name' | 'bucket' | 'key' | 'size'>,
  { accountId, region, now }: SampleOrigin,
): Buffer {
  const change = {
    name,
    bucket,
    key,
    size,
    deltaSize: name.startsWith('ObjectRemoved') ? -size : size,
    eTag: md5(key),
    time: now,
    requestId: newId().slice(0, 24),
    requester: { accountId },
  };
  return json(ossEvent(change, { accountId, region, ruleId: ruleId('sample') }));
}

export function topicSample(
  { body, tag }: { body: string; tag?: string | undefined },
  trigger: Pick<TopicTriggerSpec, 'name' | 'topic' | 'format'>,
  { accountId, now }: SampleOrigin,
): Buffer {
  const message = {
    messageId: newId(),
    body,
    bodyMd5: md5(body),
    publishTime: now,
    ...(tag !== undefined && { tag }),
  };
  return topicEvent(message, trigger, accountId);
}

/** Returns a batch of one message. */
export function queueSample(
  body: string,
  trigger: Pick<QueueTriggerSpec, 'name' | 'queue' | 'schema' | 'decodeBase64'>,
  origin: SampleOrigin,
): Buffer {
  const message = { id: newId(), body, enqueueTime: origin.now, receiptHandle: '' };
  return queueEvent([message], trigger, origin);
}

export interface SampleRequest {
  method: string;
  /** With a leading slash, encoded; a query may follow. */
  path: string;
  body: string;
  contentType: string;
}

export function httpSample(request: SampleRequest, { accountId, now }: SampleOrigin): Buffer {
  const { pathname, searchParams } = new URL(`http://sample${request.path}`);
  const event: HttpEvent = {
    version: 'v1',
    rawPath: pathname,
    body: request.body,
    isBase64Encoded: false,
    headers: { 'Content-Type': request.contentType },
    queryParameters: Object.fromEntries(searchParams),
    requestContext: {
      accountId,
      domainName: 'sample.localhost',
      domainPrefix: 'sample',
      http: {
        method: request.method,
        path: percentDecodeOrKeep(pathname),
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'sample',
      },
      requestId: `1-${Math.floor(now / 1000).toString(16)}-00000000-000000000000`,
      time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
      timeEpoch: String(now),
    },
  };
  return json(event);
}

function newId(): string {
  return randomUUID().replaceAll('-', '').toUpperCase();
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex').toUpperCase();
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
