import { httpSample, ossSample, queueSample, topicSample } from '../fc/triggers/sample-event.ts';
import { timerEvent } from '../fc/triggers/timer-event.ts';
import { DEFAULTS } from '../options.ts';
import { UsageError } from './errors.ts';

const { accountId, region } = DEFAULTS;

/** The settings of each event, with their defaults. */
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

/**
 * Returns a valid event of that trigger, made by the code for real ones. Throws UsageError for an
 * unknown key, or an invalid value.
 */
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
  const origin = { accountId, region, now };

  switch (kind) {
    case 'oss': {
      if (!/^\d+$/.test(value('size'))) throw new UsageError('--set size takes a whole number');
      const [name, bucket, key] = [value('name'), value('bucket'), value('key')];
      return ossSample({ name, bucket, key, size: Number(value('size')) }, origin);
    }
    case 'mns-topic': {
      const format = oneOf('format', value('format'), ['JSON', 'STREAM']);
      const trigger = { name: 'sample', topic: value('topic'), format };
      return topicSample({ body: value('body'), tag: value('tag') || undefined }, trigger, origin);
    }
    case 'mns-queue': {
      const schema = oneOf('schema', value('schema'), ['CloudEvents', 'RawData']);
      const trigger = { name: 'sample', queue: value('queue'), schema, decodeBase64: false };
      return queueSample(value('body'), trigger, origin);
    }
    case 'timer':
      return Buffer.from(
        JSON.stringify(timerEvent({ name: value('name'), payload: value('payload') }, now)),
      );
    case 'http': {
      const [path, method] = [value('path'), value('method')];
      if (!path.startsWith('/') || !URL.canParse(`http://sample${path}`))
        throw new UsageError('--set path takes a path such as /orders?page=1');
      const [body, contentType] = [value('body'), value('contentType')];
      return httpSample({ method, path, body, contentType }, origin);
    }
  }
}

function oneOf<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found) return found;
  throw new UsageError(`--set ${name} takes ${allowed.join(' or ')}`);
}
