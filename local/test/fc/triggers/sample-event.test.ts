import {
  parseHttpEvent,
  parseOssEvent,
  parseQueueBatch,
  parseTimerEvent,
  parseTopicEvent,
} from 'fc-kit/events';
import { expect, it } from 'vitest';
import { triggerSample } from '#src/fc/triggers/sample-event';
import type { TriggerSpec } from '#src/project/types';

const ORIGIN = { accountId: '1', region: 'cn-hangzhou', now: Date.UTC(2026, 0, 31) };
const COMMON = { name: 't', source: 's.yaml:1' };
const sample = (trigger: TriggerSpec) => triggerSample(trigger, ORIGIN);

it('makes an event of an HTTP trigger with the first method it takes', () => {
  const http = { ...COMMON, type: 'http', authType: 'anonymous' } as const;
  expect(parseHttpEvent(sample({ ...http, methods: ['POST', 'GET'] }))).toMatchObject({
    method: 'POST',
  });
  expect(JSON.parse(sample({ ...http, methods: ['GET'] }).toString())).toMatchObject({ body: '' });
});

it('makes the event of a timer trigger with its name and payload', () => {
  const timer = { type: 'timer', cronExpression: '@every 1m', enable: true } as const;
  const event = sample({ ...COMMON, ...timer, payload: 'go' });
  expect(parseTimerEvent(event)).toMatchObject({ triggerName: 't', payload: 'go' });
});

it.each([
  ['oss:ObjectCreated:*', 'ObjectCreated:PutObject', 1024],
  ['oss:ObjectCreated:PostObject', 'ObjectCreated:PostObject', 1024],
  ['oss:ObjectRemoved:DeleteObject', 'ObjectRemoved:DeleteObject', -1024],
])('makes an event of an OSS trigger for %s, of a key that it listens to', (event, name, delta) => {
  const oss = { type: 'oss', bucket: 'photos', prefix: 'in/', suffix: '.jpg' } as const;
  const made = sample({ ...COMMON, ...oss, events: [event] });
  expect(parseOssEvent(made)).toMatchObject([{ bucket: 'photos', key: 'in/sample.jpg' }]);
  expect(JSON.parse(made.toString()).events).toMatchObject([
    { eventName: name, oss: { object: { deltaSize: delta } } },
  ]);
});

it('makes an event of a topic trigger with the tag that it listens to', () => {
  const topic = { type: 'mns_topic', topic: 'news', strategy: 'BACKOFF_RETRY' } as const;
  const json = sample({ ...COMMON, ...topic, format: 'JSON', filterTag: 'new' });
  expect(parseTopicEvent(json)).toMatchObject({
    message: '{}',
    topicName: 'news',
    messageTag: 'new',
  });
  expect(sample({ ...COMMON, ...topic, format: 'STREAM' }).toString()).toBe('{}');
});

it('makes a batch of one message of an EventBridge trigger', () => {
  const event = sample({
    ...COMMON,
    type: 'eventbridge',
    queue: 'orders',
    enable: true,
    asynchronous: false,
    decodeBase64: false,
    schema: 'CloudEvents',
    batch: { count: 1, seconds: 1 },
    errorsTolerance: 'ALL',
    strategy: 'BACKOFF_RETRY',
  });
  expect(parseQueueBatch(event)).toMatchObject([{ messageBody: '{}' }]);
});
