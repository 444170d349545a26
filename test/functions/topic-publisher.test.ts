import { httpEvent } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { handler } from '#functions/topic-publisher';
import { fakeContext } from '#test/fake-context';
import { calledDirectly, localCloud } from '#test/local-cloud';
import { jsonIn, subscribedQueue } from '#test/messages';
import { anOrder } from '#test/orders';

/** Returns the handler, called directly, and a queue that gets what it publishes. */
async function publisher() {
  const called = await calledDirectly('topic-publisher');
  const queue = await subscribedQueue(called.cloud, 'topic-publisher');
  return { ...called, queue };
}

const post = (body: unknown) => httpEvent({ body: JSON.stringify(body) });
const parsed = (body: string | undefined) => JSON.parse(body ?? '');

it('publishes a valid order and answers 202 with its message id', async () => {
  const { queue, context } = await publisher();
  const order = anOrder({ note: 'a < b && c > d ]]> 📦 \u001b' });
  const response = await handler(post(order), context);
  expect(response.statusCode).toBe(202);
  expect(parsed(response.body)).toEqual({
    orderId: order.id,
    messageId: expect.stringMatching(/^[0-9A-F]{32}$/),
  });
  expect(jsonIn(queue)).toEqual([order]);
});

it('passes the caller’s trace on with the message', async () => {
  const { queue, context } = await publisher();
  const traceId = 'a'.repeat(32);
  const headers = { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
  await handler(httpEvent({ body: JSON.stringify(anOrder()), headers }), context);
  const [message] = queue.messages();
  expect(message?.userProperties).toEqual([
    {
      name: 'traceparent',
      type: 'STRING',
      value: expect.stringMatching(`^00-${traceId}-(?!b{16})[0-9a-f]{16}-01$`),
    },
  ]);
});

it('does the same as a bundle behind its HTTP trigger', async () => {
  const cloud = await localCloud();
  const queue = await subscribedQueue(cloud, 'topic-publisher');
  const order = anOrder({ note: 'a < b && c > d ]]> 📦 \u001b' });
  const url = cloud.function('topic-publisher').url;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
  expect(response.status).toBe(202);
  expect(await response.json()).toMatchObject({ orderId: order.id });
  expect(jsonIn(queue)).toEqual([order]);
});

it.each([
  ['no JSON', 'hello', 'InvalidJson'],
  ['an order without items', JSON.stringify({ ...anOrder(), items: [] }), 'InvalidValue'],
  ['an unknown field', JSON.stringify({ ...anOrder(), admin: true }), 'InvalidValue'],
  ['an id that is a path', JSON.stringify(anOrder({ id: '../x' })), 'InvalidValue'],
])('answers 400 to %s and publishes nothing', async (_, body, code) => {
  const { queue, context } = await publisher();
  const response = await handler(httpEvent({ body }), context);
  expect(response.statusCode).toBe(400);
  expect(parsed(response.body).error).toMatchObject({ code, requestId: context.requestId });
  expect(jsonIn(queue)).toEqual([]);
});

it('refuses a character that XML cannot carry, naming it, and publishes nothing', async () => {
  const { queue, context } = await publisher();
  const response = await handler(post(anOrder({ note: 'broken \uFFFE here' })), context);
  expect(response.statusCode).toBe(400);
  expect(parsed(response.body).error.message).toMatch(/U\+FFFE/);
  expect(jsonIn(queue)).toEqual([]);
});

it('sends a claim check for an order of more than 64 KB after encoding, the order itself to the bucket', async () => {
  const { cloud, queue, context } = await publisher();
  const order = anOrder({ note: '<'.repeat(30_000) });
  const response = await handler(post(order), context);
  expect(response.statusCode).toBe(202);
  const { claimKey } = parsed(response.body);
  expect(jsonIn(queue)).toEqual([
    { claimCheck: expect.objectContaining({ key: claimKey, size: JSON.stringify(order).length }) },
  ]);
  expect(await cloud.bucket().objects('claims/')).toEqual({ [claimKey]: JSON.stringify(order) });
});

it('publishes a list, each order with a result of its own', async () => {
  const { queue, context } = await publisher();
  const [first, broken, last] = [anOrder(), anOrder({ note: 'broken \uFFFE here' }), anOrder()];
  const response = await handler(post([first, broken, last]), context);
  expect(response.statusCode).toBe(207);
  expect(parsed(response.body).results).toEqual([
    { orderId: first.id, messageId: expect.any(String) },
    { orderId: broken.id, error: expect.objectContaining({ code: 'InvalidCharacter' }) },
    { orderId: last.id, messageId: expect.any(String) },
  ]);
  expect(jsonIn(queue)).toHaveLength(2);

  const allWell = await handler(post([anOrder(), anOrder()]), context);
  expect(allWell.statusCode).toBe(202);
});

it('answers a repeated Idempotency-Key with the same message id and publishes nothing again', async () => {
  const { queue, context } = await publisher();
  const body = JSON.stringify(anOrder());
  const ask = async (headers: Record<string, string>, text = body) => {
    const response = await handler(httpEvent({ body: text, headers }), context);
    return { status: response.statusCode, ...parsed(response.body) };
  };
  const first = await ask({ 'Idempotency-Key': 'key-1' });
  expect(first).toMatchObject({ status: 202, messageId: expect.any(String) });
  expect(await ask({ 'idempotency-key': '"key-1"' })).toEqual({ ...first, replayed: true });
  expect(jsonIn(queue)).toHaveLength(1);

  expect(await ask({ 'idempotency-key': 'key-1' }, JSON.stringify(anOrder()))).toMatchObject({
    status: 422,
    error: { code: 'IdempotencyKeyReused' },
  });
  expect(await ask({ 'idempotency-key': 'two words' })).toMatchObject({
    status: 400,
    error: { code: 'InvalidIdempotencyKey' },
  });
  expect(jsonIn(queue)).toHaveLength(1);
});

it('answers 500 without details when the function has no role or the wrong topic', async () => {
  const { queue, context } = await publisher();
  process.env.TOPIC_NAME = 'no-such-topic';
  for (const wrong of [context, fakeContext({ credentials: undefined })]) {
    const response = await handler(post(anOrder()), wrong);
    expect([response.statusCode, parsed(response.body).error.code]).toEqual([500, 'InternalError']);
  }
  expect(jsonIn(queue)).toEqual([]);
});
