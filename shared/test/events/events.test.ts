import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#src/errors/errors';
import {
  parseHttpEvent,
  parseOssEvent,
  parseQueueBatch,
  parseTimerEvent,
  parseTopicEvent,
} from '#src/events/index';

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/events/${name}.json`, import.meta.url));
const event = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('parseHttpEvent', () => {
  it('undoes base64, lower-cases header names and upper-cases the method', () => {
    expect(parseHttpEvent(fixture('http'))).toEqual({
      method: 'POST',
      path: '/a b/你',
      headers: { 'content-type': 'text/plain', 'x-many': 'one,two' },
      query: { tag: 'red,blue' },
      body: Buffer.from('Hello <& 📦'),
      requestId: '1-65000000-0123456789abcdef01234567',
      sourceIp: '192.0.2.7',
    });
  });

  it('reads a missing body, headers and query as empty', () => {
    const bare = event({ rawPath: '/%41', requestContext: { http: { method: 'GET' } } });
    expect(parseHttpEvent(bare)).toMatchObject({
      path: '/A',
      headers: {},
      query: {},
      body: Buffer.alloc(0),
    });
  });

  it.each(['/h/%FF%FE.txt', '/h/%.txt', '/h/%C3', '/%ED%A0%80'])(
    'refuses the path %s, which is not UTF-8: as text it would be the path of another request',
    (rawPath) => {
      for (const http of [{ method: 'GET' }, { method: 'GET', path: '/h/\ufffd\ufffd.txt' }])
        expect(() => parseHttpEvent(event({ rawPath, requestContext: { http } }))).toThrow(
          expect.objectContaining({ code: 'InvalidPath', status: 400 }),
        );
    },
  );

  it('accepts a path that contains percent signs', () => {
    const encoded = event({
      rawPath: '/h/%25FF%25FE.txt',
      requestContext: { http: { method: 'GET' } },
    });
    expect(parseHttpEvent(encoded).path).toBe('/h/%FF%FE.txt');
  });

  it.each([
    ['no JSON', Buffer.from('hello'), 'InvalidJson'],
    ['no UTF-8', Buffer.from([0xff, 0xfe]), 'InvalidUtf8'],
    ['a timer event', event({ triggerTime: 'x', triggerName: 'y' }), 'UnexpectedEvent'],
    [
      'a header that is a list',
      event({ headers: { a: ['b'] }, requestContext: { http: { method: 'GET' } } }),
      'UnexpectedEvent',
    ],
    ['null', event(null), 'UnexpectedEvent'],
  ])('refuses %s with a typed error', (_, bytes, code) => {
    expect(() => parseHttpEvent(bytes)).toThrow(
      expect.objectContaining({ code, name: 'InvalidInputError' }),
    );
  });
});

describe('parseTimerEvent', () => {
  it('reads an absent payload, and null, as empty', () => {
    const tick = { triggerTime: '2026-01-02T03:04:00Z', triggerName: 'every-minute' };
    expect(parseTimerEvent(event(tick))).toEqual({ ...tick, payload: '' });
    expect(parseTimerEvent(event({ ...tick, payload: null }))).toEqual({ ...tick, payload: '' });
  });

  it('names the trigger type to check when the event is of another one', () => {
    expect(() => parseTimerEvent(fixture('http'))).toThrow(/trigger is of type timer/);
  });
});

describe('parseOssEvent', () => {
  it('returns every entry, with a negative size change and without optional parts', () => {
    expect(parseOssEvent(fixture('oss'))).toMatchObject([
      {
        eventName: 'ObjectCreated:PutObject',
        bucket: 'photos',
        key: 'in/1.jpg',
        size: 1,
        deltaSize: -12,
      },
      { eventName: 'ObjectCreated:PostObject', key: 'in/2.jpg', size: 2, deltaSize: undefined },
    ]);
  });

  it('names the entry that lacks a bucket', () => {
    expect(() => parseOssEvent(event({ events: [{ oss: {} }] }))).toThrow(
      /events\[0\]\.oss\.bucket/,
    );
  });
});

describe('parseTopicEvent', () => {
  it('reads JSON with its attributes flattened beside the known fields', () => {
    const notification = {
      TopicOwner: '1',
      Message: 'hello',
      Subscriber: '1',
      PublishTime: 1767323045000,
      SubscriptionName: 's',
      MessageMD5: 'X',
      TopicName: 't',
      MessageId: 'ID',
      MessageTag: 'red',
      Extend: '{"key":"value"}',
    };
    expect(parseTopicEvent(event(notification))).toEqual({
      message: 'hello',
      attributes: { Extend: '{"key":"value"}' },
      messageId: 'ID',
      topicName: 't',
      subscriptionName: 's',
      publishTime: 1767323045000,
      messageTag: 'red',
    });
  });

  it('reads STREAM with attributes', () => {
    const stream = { body: 'hello', attrs: { Extend: '{"a":1}' } };
    expect(parseTopicEvent(event(stream))).toEqual({
      message: 'hello',
      attributes: { Extend: '{"a":1}' },
    });
  });

  it.each(['hello topic', '{"orderId":7}', '[1,2]', '', 'null'])(
    'returns the STREAM body %j unchanged',
    (body) => {
      expect(parseTopicEvent(Buffer.from(body))).toEqual({ message: body, attributes: {} });
    },
  );
});

describe('parseQueueBatch', () => {
  const cloudEvent = {
    id: 'e1',
    subject: 'acs:mns:r:a:queues/q',
    time: '2026-01-02T03:04:05Z',
    data: { requestId: 'R', messageId: 'M', messageBody: 'VEVTVA==' },
  };

  it.each([
    ['an array', [cloudEvent]],
    ['a single one', cloudEvent],
    ['an array of JSON strings', [JSON.stringify(cloudEvent)]],
  ])('reads CloudEvents as %s', (_, value) => {
    expect(parseQueueBatch(event(value))).toEqual([
      {
        id: 'e1',
        subject: cloudEvent.subject,
        time: cloudEvent.time,
        requestId: 'R',
        messageId: 'M',
        messageBody: 'VEVTVA==',
      },
    ]);
  });

  it('reads RawData and decodes base64 when asked to', () => {
    const [first] = parseQueueBatch(event([cloudEvent.data]), { base64: true });
    expect(first).toMatchObject({ id: undefined, messageId: 'M', messageBody: 'TEST' });
  });

  it('refuses an entry without a body, naming it', () => {
    const broken = [cloudEvent, { data: { messageId: 'M' } }];
    expect(() => parseQueueBatch(event(broken))).toThrow(InvalidInputError);
    expect(() => parseQueueBatch(event(broken))).toThrow(/\[1\]\.data\.messageBody/);
  });
});
