import { describe, expect, it } from 'vitest';
import { childTrace, formatTraceparent } from '#src/context/trace';
import { ossIdempotency } from '#src/idempotency/oss';
import { type Item, publish, publishOne } from '#src/publish/publish';
import { localServices } from './local-services.ts';

const CONTROL = 'broken \uFFFE here';
const HALF = '<'.repeat(8_000); // 32,000 bytes once escaped
const TOO_LARGE = '<'.repeat(30_000);

const items = (...payloads: unknown[]): Item[] => payloads.map((payload) => ({ payload }));
const codes = (outcomes: Awaited<ReturnType<typeof publish>>) =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : Reflect.get(outcome.error, 'code')));

describe.each(['queue', 'topic'] as const)('to a %s', (kind) => {
  it('publishes any number of messages, the results in their order', async () => {
    const services = await localServices();
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    const outcomes = await publish(services[kind], items(...numbers));
    const ids = outcomes.map((outcome) => (outcome.ok ? outcome.value.messageId : ''));
    expect(new Set(ids).size).toBe(50);
    expect(
      services
        .queued()
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual(numbers);
  });

  it('lets an item that is invalid keep none of the others', async () => {
    const services = await localServices();
    const outcomes = await publish(services[kind], [
      { payload: 'first' },
      { payload: CONTROL },
      { payload: TOO_LARGE },
      { payload: undefined },
      { payload: 'a', tag: 'a-tag-of-17-chars' },
      { payload: 'b', priority: 17 },
      { payload: 'c', attributes: { '1x': 'y' } },
      { payload: 'last' },
    ]);
    expect(codes(outcomes)).toEqual([
      'ok',
      'InvalidCharacter',
      'PayloadTooLarge',
      'InvalidPayload',
      'InvalidTag',
      'InvalidArgument',
      'InvalidAttribute',
      'ok',
    ]);
    expect(services.queued().toSorted()).toEqual(['first', 'last']);
  });

  it('says of each item that the service failed', async () => {
    const services = await localServices();
    services.chosen.fault = () => 'error';
    const outcomes = await publish(services[kind], items('a', 'b'));
    expect(codes(outcomes)).toEqual(['InternalError', 'InternalError']);
    expect(services.queued()).toEqual([]);
  });

  it('publishes nothing again under a key, and what failed the first time only', async () => {
    const { bucket, queued, chosen, ...services } = await localServices();
    const once = () => ({ once: { store: ossIdempotency(bucket), key: 'key' } });
    const given = [...items('a', 'b'), { payload: 'c', tag: 'a-tag-of-17-chars' }];
    const first = await publish(services[kind], given, once());
    expect(codes(first)).toEqual(['ok', 'ok', 'InvalidTag']);

    const again = await publish(services[kind], items('a', 'b', 'c'), once());
    expect(again.slice(0, 2)).toEqual(
      first
        .slice(0, 2)
        .map((one) => one.ok && { ok: true, value: { ...one.value, replayed: true } }),
    );
    expect(queued().toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('gives a key free again when nothing was published under it', async () => {
    const { bucket, queued, chosen, ...services } = await localServices();
    const once = () => ({ once: { store: ossIdempotency(bucket), key: 'key' } });
    chosen.fault = ({ service }) => (service === 'smq' ? 'throttled' : undefined);
    expect(codes(await publish(services[kind], items('a'), once()))).toEqual(['QpsLimitExceeded']);
    chosen.fault = () => undefined;
    expect(codes(await publish(services[kind], items('a'), once()))).toEqual(['ok']);
    expect(queued()).toEqual(['a']);
  });
});

it('gives a key free again when the claim check could not be stored', async () => {
  const { queue, bucket, chosen } = await localServices();
  const send = () =>
    publish(queue, items(TOO_LARGE), {
      claims: bucket,
      once: { store: ossIdempotency(bucket), key: 'key' },
    });
  chosen.fault = ({ path }) => (path.includes('/claims/') ? 'throttled' : undefined);
  expect(codes(await send())).not.toEqual(['ok']);
  chosen.fault = () => undefined;
  expect(codes(await send())).toEqual(['ok']);
});

it('splits what is too much for one request by messages and by bytes', async () => {
  const { queue, chosen, queued } = await localServices();
  const sent: string[] = [];
  chosen.fault = ({ method, path }) => void sent.push(`${method} ${path}`);
  await publish(queue, items(...Array.from({ length: 17 }, () => 'x'), HALF, HALF, HALF));
  // 16, then one and two halves, then the last half.
  expect(sent).toEqual(Array.from({ length: 3 }, () => 'POST /queues/orders/messages'));
  expect(queued()).toHaveLength(20);
});

it('sends the tag, the delay, the priority and the properties along', async () => {
  const { queue, topic } = await localServices();
  await publish(queue, [{ payload: 'a', priority: 2, userProperties: { trace: 'x' } }]);
  await publish(queue, [{ payload: 'later', delaySeconds: 60 }]);
  await topic.subscribe('tagged', {
    endpoint: queue.endpoint,
    filterTag: 'red',
    notifyContentFormat: 'SIMPLIFIED',
  });
  await publish(topic, [{ payload: 'b', tag: 'red' }]);
  const messages = await queue.receiveBatch({ waitSeconds: 0 });
  expect(messages[0]).toMatchObject({ body: 'a', priority: 2, userProperties: { trace: 'x' } });
  // By both subscriptions, the one without a tag included.
  expect(messages.slice(1).map(({ body }) => body)).toEqual(['b', 'b']);
});

it('writes the trace into the properties of each message, and into its envelope', async () => {
  const { queue, topic } = await localServices();
  const trace = childTrace(undefined);
  const traceparent = formatTraceparent(trace);
  const envelope = { source: 'urn:a', type: 'b' };
  await publish(queue, [{ payload: 'a', userProperties: { own: 1 } }], { trace });
  await publish(topic, [{ payload: 'b' }], { trace, envelope });
  const messages = await queue.receiveBatch({ waitSeconds: 0 });
  expect(messages.map(({ userProperties }) => userProperties)).toEqual([
    { traceparent, own: 1 },
    { traceparent },
  ]);
  expect(JSON.parse(messages[1]?.body ?? '')).toMatchObject({ traceparent });
});

it('puts payloads into CloudEvents envelopes', async () => {
  const { queue, queued } = await localServices();
  const envelope = { source: 'urn:shop', type: 'com.example.order.created', subject: 'order-1' };
  await publishOne(queue, { payload: { id: 1 } }, { envelope });
  expect(JSON.parse(queued()[0] ?? '')).toEqual({
    ...envelope,
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    datacontenttype: 'application/json',
    data: { id: 1 },
  });
});

it('refuses another payload under a used key, and a key that another request is at', async () => {
  const { queue, bucket, queued } = await localServices();
  const store = ossIdempotency(bucket);
  const once = { store, key: 'key' };
  await publishOne(queue, { payload: 'a' }, { once });
  await expect(publishOne(queue, { payload: 'b' }, { once })).rejects.toMatchObject({
    code: 'IdempotencyKeyReused',
  });
  await ossIdempotency(bucket).claim('busy 0');
  await expect(
    publishOne(queue, { payload: 'a' }, { once: { store, key: 'busy' } }),
  ).rejects.toMatchObject({ code: 'RequestInProgress' });
  expect(queued()).toEqual(['a']);
});

it('publishes all the same when the key cannot be completed, and warns', async () => {
  const { queue, queued } = await localServices();
  const warnings: unknown[] = [];
  const store = {
    claim: async () => ({ state: 'claimed' as const }),
    complete: () => Promise.reject(new Error('the store is away')),
    release: async () => {},
  };
  const log = { warn: (fields: unknown) => void warnings.push(fields) };
  const published = await publishOne(queue, { payload: 'a' }, { once: { store, key: 'k' }, log });
  expect(published.messageId).toMatch(/^[0-9A-F]{32}$/);
  expect([queued(), warnings]).toEqual([['a'], [{ error: new Error('the store is away') }]]);
});
