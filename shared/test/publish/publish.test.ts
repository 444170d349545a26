import { describe, expect, it } from 'vitest';
import { childTrace, formatTraceparent } from '#src/context/trace';
import { ossIdempotency } from '#src/idempotency/oss';
import { onceByHeader } from '#src/publish/once';
import { type Item, type PublishSettings, publish } from '#src/publish/publish';
import type { Topic } from '#src/smq/topic';
import { localServices } from './local-services.ts';

const CONTROL = 'broken \uFFFE here';
const TOO_LARGE = '<'.repeat(30_000);

const items = (...payloads: unknown[]): Item[] => payloads.map((payload) => ({ payload }));
const codes = (outcomes: Awaited<ReturnType<typeof publish>>) =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : Reflect.get(outcome.error, 'code')));

/** Publishes one message, and throws its error. */
async function publishOne(topic: Topic, item: Item, settings: PublishSettings) {
  const [outcome] = await publish(topic, [item], settings);
  if (outcome?.ok) return outcome.value;
  throw outcome?.error;
}

describe('to a topic', () => {
  it('publishes any number of messages, with the results in their order', async () => {
    const services = await localServices();
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    const outcomes = await publish(services.topic, items(...numbers));
    const ids = outcomes.map((outcome) => (outcome.ok ? outcome.value.messageId : ''));
    expect(new Set(ids).size).toBe(50);
    expect(
      services
        .queued()
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual(numbers);
  });

  it('publishes the other items although one is invalid', async () => {
    const services = await localServices();
    const outcomes = await publish(services.topic, [
      { payload: 'first' },
      { payload: CONTROL },
      { payload: TOO_LARGE },
      { payload: undefined },
      { payload: 'a', tag: 'a-tag-of-17-chars' },
      { payload: 'c', attributes: { '1x': 'y' } },
      { payload: 'last' },
    ]);
    expect(codes(outcomes)).toEqual([
      'ok',
      'InvalidCharacter',
      'PayloadTooLarge',
      'InvalidPayload',
      'InvalidTag',
      'InvalidAttribute',
      'ok',
    ]);
    expect(services.queued().toSorted()).toEqual(['first', 'last']);
  });

  it('reports the service’s failure for each item', async () => {
    const services = await localServices();
    services.chosen.fault = () => 'error';
    const outcomes = await publish(services.topic, items('a', 'b'));
    expect(codes(outcomes)).toEqual(['InternalError', 'InternalError']);
    expect(services.queued()).toEqual([]);
  });

  it('under a repeated key publishes only items that failed the first time', async () => {
    const { bucket, queued, chosen, ...services } = await localServices();
    const once = () => ({ once: { store: ossIdempotency(bucket), key: 'key' } });
    const given = [...items('a', 'b'), { payload: 'c', tag: 'a-tag-of-17-chars' }];
    const first = await publish(services.topic, given, once());
    expect(codes(first)).toEqual(['ok', 'ok', 'InvalidTag']);

    const again = await publish(services.topic, items('a', 'b', 'c'), once());
    expect(again.slice(0, 2)).toEqual(
      first
        .slice(0, 2)
        .map((one) => one.ok && { ok: true, value: { ...one.value, replayed: true } }),
    );
    expect(queued().toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('releases a key when nothing was published under it', async () => {
    const { bucket, queued, chosen, ...services } = await localServices();
    const once = () => ({ once: { store: ossIdempotency(bucket), key: 'key' } });
    chosen.fault = ({ service }) => (service === 'smq' ? 'throttled' : undefined);
    expect(codes(await publish(services.topic, items('a'), once()))).toEqual(['QpsLimitExceeded']);
    chosen.fault = () => undefined;
    expect(codes(await publish(services.topic, items('a'), once()))).toEqual(['ok']);
    expect(queued()).toEqual(['a']);
  });
});

it('releases a key when the claim check could not be stored', async () => {
  const { topic, bucket, chosen } = await localServices();
  const send = () =>
    publish(topic, items(TOO_LARGE), {
      claims: bucket,
      once: { store: ossIdempotency(bucket), key: 'key' },
    });
  chosen.fault = ({ path }) => (path.includes('/claims/') ? 'throttled' : undefined);
  expect(codes(await send())).not.toEqual(['ok']);
  chosen.fault = () => undefined;
  expect(codes(await send())).toEqual(['ok']);
});

it('sends the tag and the properties along', async () => {
  const { queue, topic } = await localServices();
  await topic.subscribe('tagged', {
    endpoint: queue.endpoint,
    filterTag: 'red',
    notifyContentFormat: 'SIMPLIFIED',
  });
  await publish(topic, [{ payload: 'a', tag: 'red', userProperties: { trace: 'x' } }]);
  const messages = await queue.receiveBatch({ waitSeconds: 0 });
  // To both subscriptions, including the one without a tag.
  expect(messages).toMatchObject(Array(2).fill({ body: 'a', userProperties: { trace: 'x' } }));
});

it('writes the trace into the properties of each message', async () => {
  const { queue, topic } = await localServices();
  const trace = childTrace(undefined);
  const traceparent = formatTraceparent(trace);
  await publish(topic, [{ payload: 'a', userProperties: { own: 1 } }], { trace });
  const [message] = await queue.receiveBatch({ waitSeconds: 0 });
  expect(message?.userProperties).toEqual({ traceparent, own: 1 });
});

it('makes a key from an Idempotency-Key header, and none without it', async () => {
  const { topic, bucket, queued } = await localServices();
  const deadline = { remaining: () => 60_000 };
  const once = () => onceByHeader({ 'idempotency-key': '"k"' }, bucket, deadline);
  const first = await publishOne(topic, { payload: 'a' }, { once: once() });
  const again = await publishOne(topic, { payload: 'a' }, { once: once() });
  expect(again).toEqual({ ...first, replayed: true });
  expect(queued()).toEqual(['a']);
  expect(onceByHeader({}, bucket, deadline)).toBeUndefined();
});

it('refuses another payload under a used key, and a key that another request is using', async () => {
  const { topic, bucket, queued } = await localServices();
  const store = ossIdempotency(bucket);
  const once = { store, key: 'key' };
  await publishOne(topic, { payload: 'a' }, { once });
  await expect(publishOne(topic, { payload: 'b' }, { once })).rejects.toMatchObject({
    code: 'IdempotencyKeyReused',
  });
  await ossIdempotency(bucket).claim('busy 0');
  await expect(
    publishOne(topic, { payload: 'a' }, { once: { store, key: 'busy' } }),
  ).rejects.toMatchObject({ code: 'RequestInProgress' });
  expect(queued()).toEqual(['a']);
});

it('publishes all the same when the key cannot be completed, and logs that', async () => {
  const { topic, queued } = await localServices();
  const errors: unknown[] = [];
  const store = {
    claim: async () => ({ state: 'claimed' as const }),
    complete: () => Promise.reject(new Error('the store is away')),
    release: async () => {},
  };
  const log = { warn: () => {}, error: (fields: unknown) => void errors.push(fields) };
  const published = await publishOne(topic, { payload: 'a' }, { once: { store, key: 'k' }, log });
  expect(published.messageId).toMatch(/^[0-9A-F]{32}$/);
  expect([queued(), errors]).toEqual([
    ['a'],
    [{ key: 'k 0', error: new Error('the store is away') }],
  ]);
});

it('refuses an invalid item before its key is claimed or its payload is stored', async () => {
  const { topic, bucket, queued } = await localServices();
  const asked: string[] = [];
  const store = {
    claim: async (key: string) => {
      asked.push(key);
      return { state: 'claimed' as const };
    },
    complete: async () => {},
    release: async () => {},
  };
  const invalid: Item[] = [
    { payload: 'a', tag: 'a-tag-of-17-chars' },
    { payload: 'a', attributes: { '1x': 'y' } },
    { payload: 'a', userProperties: { '.x': 'y' } },
    { payload: 'a', messageGroupId: '' },
  ];
  const refused = ['InvalidTag', 'InvalidAttribute', 'InvalidUserProperty', 'InvalidMessageGroup'];
  const once = { store, key: 'k' };
  expect(codes(await publish(topic, invalid, { once }))).toEqual(refused);
  const large = invalid.map((item) => ({ ...item, payload: TOO_LARGE }));
  expect(codes(await publish(topic, large, { once, claims: bucket }))).toEqual(refused);
  expect(codes(await publish(topic, items(TOO_LARGE), { once }))).toEqual(['PayloadTooLarge']);
  expect([asked, (await bucket.listObjects()).objects, queued()]).toEqual([[], [], []]);
});

it('stores no payload that a message can hold, and returns the key of one that it cannot', async () => {
  const { topic, bucket, queued } = await localServices();
  const settings = { claims: bucket, once: { store: ossIdempotency(bucket), key: 'k' } };
  const outcomes = await publish(topic, items('small', TOO_LARGE), settings);
  const [small, large] = outcomes.map((one) => (one.ok ? one.value : undefined));
  expect(small).toEqual({ messageId: expect.any(String) });
  expect(large).toEqual({
    messageId: expect.any(String),
    claimKey: expect.stringMatching(/^claims\//),
  });
  expect(queued()).toContain('small');
  expect(String((await bucket.getObject(large?.claimKey ?? '')).body)).toBe(TOO_LARGE);
});

it('keeps what it remembers of a header under idempotency/publish/, claimed until the deadline', async () => {
  const { bucket } = await localServices();
  const deadline = { remaining: () => 60_000 };
  const once = onceByHeader({ 'idempotency-key': 'k' }, bucket, deadline);
  const before = Date.now();
  await once?.store.claim('k');
  const [object] = (await bucket.listObjects()).objects;
  expect(object?.key).toMatch(/^idempotency\/publish\//);
  const { until } = JSON.parse(String((await bucket.getObject(object?.key ?? '')).body));
  expect(until - before).toBeGreaterThanOrEqual(60_000);
  expect(until - Date.now()).toBeLessThanOrEqual(60_000);
});

it('answers a reused key with 422, and one that is in use with 409', async () => {
  const { topic, bucket } = await localServices();
  const store = ossIdempotency(bucket);
  await publish(topic, items('a'), { once: { store, key: 'used' } });
  await store.claim('busy 0');
  const of = async (key: string) => {
    const [outcome] = await publish(topic, items('b'), { once: { store, key } });
    return outcome?.ok ? undefined : Reflect.get(outcome?.error ?? {}, 'status');
  };
  expect([await of('used'), await of('busy')]).toEqual([422, 409]);
});

it.each([
  [8, {}],
  [3, { concurrency: 3 }],
])('makes up to %i requests at a time, and never more', async (most, settings) => {
  const { topic } = await localServices();
  let running = 0;
  let highest = 0;
  topic.publish = async () => {
    highest = Math.max(highest, ++running);
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
    running--;
    return { messageId: 'M', bodyMd5: '' };
  };
  await publish(topic, items(...Array(40).keys()), settings);
  expect(highest).toBe(most);
});

it.each([
  ['may pass', true, { payload: 'a', messageGroupId: 'g' }],
  ['stays', false, { payload: '\u0000', messageGroupId: 'g' }],
])(
  'says of one after a failure that %s whether it may be tried again',
  async (_, retryable, first) => {
    const { topic, chosen } = await localServices();
    chosen.fault = () => 'error';
    const [, second] = await publish(topic, [first, { payload: 'b', messageGroupId: 'g' }]);
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'EarlierInGroupFailed', service: 'smq', retryable },
    });
  },
);

it('passes the baggage of the trace on, if there is any', async () => {
  const { queue, topic } = await localServices();
  const trace = { ...childTrace(undefined), baggage: 'tenant=7' };
  await publish(topic, [{ payload: 'a', userProperties: { baggage: 'own=1' } }], { trace });
  await publish(topic, items('b'), { trace });
  await publish(topic, items('c'));
  const messages = await queue.receiveBatch({ waitSeconds: 0 });
  const of = (body: string) => messages.find((one) => one.body === body)?.userProperties;
  expect([of('a')?.baggage, of('b')?.baggage, of('c')]).toEqual(['own=1', 'tenant=7', {}]);
});
