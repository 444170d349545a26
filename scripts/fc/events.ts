import { createHash, randomUUID } from 'node:crypto';
import { queueEvent } from '#local/fc/triggers/eventbridge-event';
import { topicEvent } from '#local/fc/triggers/mns-topic-event';
import { ossEvent, ruleId } from '#local/fc/triggers/oss-event';
import { timerEvent } from '#local/fc/triggers/timer';
import { DEFAULTS } from '#local/options';
import { decoded } from '#local/percent';
import { UsageError } from '../cli.ts';

const { accountId, region } = DEFAULTS;

/** What can be set of each event, with what it is otherwise. */
export const EVENT_KINDS = {
  oss: {
    name: 'ObjectCreated:PutObject',
    bucket: 'bucket',
    key: 'uploads/photo.jpg',
    size: '1024',
  },
  'mns-topic': { body: 'hello', topic: 'topic', format: 'JSON', tag: '' },
  'mns-queue': { body: 'hello', queue: 'queue', schema: 'CloudEvents' },
  timer: { name: 'timer', payload: '' },
  http: { method: 'GET', path: '/', body: '', contentType: 'application/json' },
} as const;

export type EventKind = keyof typeof EVENT_KINDS;

/** A valid event of that trigger, made by what makes the real ones here. Throws UsageError for a key that it does not have, or a value that cannot be. */
export function sampleEvent(
  kind: EventKind,
  set: Record<string, string>,
  now = Date.now(),
): Buffer {
  const known: Record<string, string> = { ...EVENT_KINDS[kind] };
  for (const key of Object.keys(set))
    if (!Object.hasOwn(known, key))
      throw new UsageError(`--set has "${key}"; ${kind} has ${Object.keys(known).join(', ')}`);
  const value = (key: string): string => set[key] ?? known[key] ?? '';
  const id = randomUUID().replaceAll('-', '').toUpperCase();

  switch (kind) {
    case 'oss': {
      const size = Number(value('size'));
      if (!/^\d+$/.test(value('size'))) throw new UsageError('--set size takes a whole number');
      const change = {
        name: value('name'),
        bucket: value('bucket'),
        key: value('key'),
        size,
        deltaSize: value('name').startsWith('ObjectRemoved') ? -size : size,
        eTag: md5(value('key')),
        time: now,
        requestId: id.slice(0, 24),
        requester: { accountId },
      };
      return json(ossEvent(change, { accountId, region, ruleId: ruleId('sample') }));
    }
    case 'mns-topic': {
      const body = value('body');
      const format = oneOf('format', value('format'), ['JSON', 'STREAM']);
      const message = {
        messageId: id,
        body,
        bodyMd5: md5(body),
        publishTime: now,
        ...(value('tag') !== '' && { tag: value('tag') }),
      };
      return topicEvent(message, { name: 'sample', topic: value('topic'), format }, accountId);
    }
    case 'mns-queue': {
      const message = { id, body: value('body'), enqueueTime: now, receiptHandle: '' };
      const schema = oneOf('schema', value('schema'), ['CloudEvents', 'RawData']);
      const trigger = {
        name: 'sample',
        queue: value('queue'),
        schema,
        decodeBase64: false,
      } as const;
      return queueEvent([message], trigger, { accountId, region, now });
    }
    case 'timer':
      return json(timerEvent({ name: value('name'), payload: value('payload') }, now));
    case 'http':
      return json(httpSample(value, now));
  }
}

function httpSample(value: (key: string) => string, now: number): object {
  const url = `http://sample${value('path')}`;
  if (!value('path').startsWith('/') || !URL.canParse(url))
    throw new UsageError('--set path takes a path such as /orders?page=1');
  const { pathname, searchParams } = new URL(url);
  return {
    version: 'v1',
    rawPath: pathname,
    body: value('body'),
    isBase64Encoded: false,
    headers: { 'Content-Type': value('contentType') },
    queryParameters: Object.fromEntries(searchParams),
    requestContext: {
      accountId,
      domainName: 'sample.localhost',
      domainPrefix: 'sample',
      http: {
        method: value('method'),
        path: decoded(pathname),
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'sample',
      },
      requestId: `1-${Math.floor(now / 1000).toString(16)}-00000000-000000000000`,
      time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
      timeEpoch: String(now),
    },
  };
}

function oneOf<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found) return found;
  throw new UsageError(`--set ${name} takes ${allowed.join(' or ')}`);
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex').toUpperCase();
}
