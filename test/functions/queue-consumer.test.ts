import { type TestCloud, timerEvent } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { handler } from '#functions/queue-consumer';
import { calledDirectly, localCloud } from '#test/local-cloud';
import { queueOf } from '#test/messages';
import { anOrder } from '#test/orders';

const tick = timerEvent({ triggerName: 'every-minute' });
const ordersQueue = (cloud: TestCloud) => queueOf(cloud, 'queue-consumer');
const asObjects = (orders: { id: string }[]) =>
  Object.fromEntries(orders.map((order) => [`orders/${order.id}.json`, JSON.stringify(order)]));

it('stores each order under its id and empties the queue', async () => {
  const { cloud, context } = await calledDirectly('queue-consumer');
  const orders = Array.from({ length: 40 }, () => anOrder({ note: '<&]]> 包裹 📦 \u001b\u0085' }));
  for (const order of orders) await ordersQueue(cloud).send(JSON.stringify(order));

  const report = await handler(tick, context);

  expect(report).toEqual({ received: 40, handled: 40, failed: 0, returned: 0, dead: 0 });
  expect(await cloud.bucket().objects('orders/')).toEqual(asObjects(orders));
  expect(ordersQueue(cloud).messages()).toEqual([]);
});

it('does the same as a bundle, run by its timer', async () => {
  const cloud = await localCloud();
  const orders = [anOrder(), anOrder()];
  for (const order of orders) await ordersQueue(cloud).send(JSON.stringify(order));

  const result = await cloud.function('queue-consumer').fireTimer();

  expect(JSON.parse(result?.body.toString() ?? '')).toMatchObject({ received: 2, handled: 2 });
  expect(await cloud.bucket().objects('orders/')).toEqual(asObjects(orders));
});

it('sets aside a message that is not an order, with the reason and the raw body, and handles the rest', async () => {
  const { cloud, context } = await calledDirectly('queue-consumer');
  const good = anOrder();
  for (const body of ['not json', '{"id":"x"}', JSON.stringify(good)])
    await ordersQueue(cloud).send(body);

  const report = await handler(tick, context);

  expect(report).toEqual({ received: 3, handled: 1, failed: 0, returned: 0, dead: 2 });
  expect(await cloud.bucket().objects('orders/')).toEqual(asObjects([good]));
  expect(ordersQueue(cloud).messages()).toEqual([]);
  const quarantined = await cloud.bucket().objects(`quarantine/${ordersQueue(cloud).name}/`);
  const entries = Object.values(quarantined).map((text) => JSON.parse(text));
  expect(entries.toSorted((a, b) => a.body.localeCompare(b.body))).toMatchObject([
    { body: '{"id":"x"}', error: { code: 'InvalidValue' }, issues: [{ path: 'customer' }, {}] },
    { body: 'not json', error: { code: 'InvalidJson' }, dequeueCount: 1 },
  ]);
});

it('deletes a redelivered order without storing it twice', async () => {
  const { cloud, context } = await calledDirectly('queue-consumer');
  const order = anOrder();
  for (let delivery = 0; delivery < 2; delivery++) {
    await ordersQueue(cloud).send(JSON.stringify(order));
    await expect(handler(tick, context)).resolves.toMatchObject({ handled: 1 });
  }
  expect(await cloud.bucket().objects('orders/')).toEqual(asObjects([order]));
});

it('keeps the second of two different orders with one id in the queue rather than losing one', async () => {
  const { cloud, context } = await calledDirectly('queue-consumer');
  const first = anOrder({ note: 'first' });
  await ordersQueue(cloud).send(JSON.stringify(first));
  await handler(tick, context);
  await ordersQueue(cloud).send(JSON.stringify({ ...first, note: 'second' }));

  await expect(handler(tick, context)).resolves.toMatchObject({ handled: 0, failed: 1 });
  expect(await cloud.bucket().objects('orders/')).toEqual(asObjects([first]));
  expect(ordersQueue(cloud).messages()).toMatchObject([{ state: 'inactive' }]);
});

it.each([
  ['QUEUE_NAME', 'a-queue-it-has-no-permission-for', 'AccessDenied'],
  ['QUEUE_NAME', '', 'MissingEnvironment'],
])('fails the invocation when %s is %j, so that FC records it', async (name, value, code) => {
  const { context } = await calledDirectly('queue-consumer');
  process.env[name] = value;
  await expect(handler(tick, context)).rejects.toMatchObject({ code });
});

it('names the queue and the remedy when the queue is gone', async () => {
  const { cloud, context } = await calledDirectly('queue-consumer');
  const queue = ordersQueue(cloud);
  await queue.delete();
  await expect(handler(tick, context)).rejects.toMatchObject({
    code: 'QueueNotExist',
    message: expect.stringContaining(`"${queue.name}"`),
    remedy: expect.stringContaining('s.yaml'),
  });
});

it('leaves every message when the bucket does not exist', async () => {
  const { cloud, context } = await calledDirectly('queue-consumer');
  process.env.BUCKET_NAME = 'no-such-bucket';
  await ordersQueue(cloud).send(JSON.stringify(anOrder()));
  await expect(handler(tick, context)).resolves.toMatchObject({ received: 1, failed: 1 });
  expect(ordersQueue(cloud).messages()).toHaveLength(1);
});
