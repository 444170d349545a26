import { queueEvent, type TestCloud } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { handler } from '#functions/queue-event-consumer';
import { calledDirectly, localCloud } from '#test/local-cloud';
import { queueOf } from '#test/messages';
import { anOrder } from '#test/orders';

/** The queue that EventBridge empties for the function. */
const shipmentsQueue = (cloud: TestCloud) => queueOf(cloud, 'queue-event-consumer');
const batch = (cloud: TestCloud, bodies: string[]) =>
  queueEvent(bodies, { queue: shipmentsQueue(cloud).name });

const COUNTS = { received: 0, handled: 0, failed: 0, returned: 0, dead: 0 };

/** Counts the shipments of each order. */
async function shipments(cloud: TestCloud) {
  const counts: Record<string, number> = {};
  for (const text of Object.values(await cloud.bucket().objects('shipments/'))) {
    const { orderId } = JSON.parse(text);
    counts[orderId] = (counts[orderId] ?? 0) + 1;
  }
  return counts;
}
const onceEach = (orders: { id: string }[]) => Object.fromEntries(orders.map(({ id }) => [id, 1]));

it('makes one shipment for each order of the batch', async () => {
  const { cloud, context } = await calledDirectly('queue-event-consumer');
  const orders = Array.from({ length: 20 }, () => anOrder());
  const event = batch(
    cloud,
    orders.map((order) => JSON.stringify(order)),
  );
  expect(await handler(event, context)).toEqual({ ...COUNTS, received: 20, handled: 20 });
  expect(await shipments(cloud)).toEqual(onceEach(orders));
});

it('does the same as a bundle, for messages that come into its queue', async () => {
  const cloud = await localCloud();
  const orders = [anOrder(), anOrder()];
  for (const order of orders) await shipmentsQueue(cloud).send(JSON.stringify(order));
  await expect.poll(() => shipments(cloud), { timeout: 15_000 }).toEqual(onceEach(orders));
});

it('ships nothing a second time when the batch is pushed again', async () => {
  const { cloud, context } = await calledDirectly('queue-event-consumer');
  const orders = [anOrder(), anOrder(), anOrder()];
  const event = batch(
    cloud,
    orders.map((order) => JSON.stringify(order)),
  );
  for (let push = 0; push < 3; push++)
    expect(await handler(event, context)).toMatchObject({ received: 3, handled: 3 });
  expect(await shipments(cloud)).toEqual(onceEach(orders));
});

it('sets aside a message that is not an order and handles the rest, so that nothing is delayed', async () => {
  const { cloud, context } = await calledDirectly('queue-event-consumer');
  const order = anOrder();
  const event = batch(cloud, ['nonsense', JSON.stringify(order), '{}']);
  expect(await handler(event, context)).toEqual({ ...COUNTS, received: 3, handled: 1, dead: 2 });
  expect(await shipments(cloud)).toEqual(onceEach([order]));
  const quarantined = await cloud
    .bucket()
    .objects(`quarantine/${shipmentsQueue(cloud).name}/2026-01-02/`);
  expect(Object.values(quarantined).map((text) => JSON.parse(text).body)).toEqual([
    'nonsense',
    '{}',
  ]);
});

it('fails the batch when an order is not shipped, so that EventBridge pushes it again', async () => {
  const { cloud, context, env } = await calledDirectly('queue-event-consumer');
  const event = batch(cloud, [JSON.stringify(anOrder())]);
  process.env.BUCKET_NAME = 'no-such-bucket';
  await expect(handler(event, context)).rejects.toMatchObject({
    code: 'BatchIncomplete',
    message: expect.stringContaining('1 of 1 messages are not handled'),
    cause: { code: 'NoSuchBucket' },
  });
  process.env.BUCKET_NAME = env.BUCKET_NAME;
  expect(await handler(event, context)).toMatchObject({ handled: 1 });
  expect(Object.values(await shipments(cloud))).toEqual([1]);
});

it('refuses an event of another trigger', async () => {
  const { context } = await calledDirectly('queue-event-consumer');
  await expect(handler(Buffer.from('[{}]'), context)).rejects.toMatchObject({
    code: 'UnexpectedEvent',
  });
});

it('keeps poison of a batch that does not name its queue in a place where its role may write', async () => {
  const cloud = await localCloud();
  const queue = shipmentsQueue(cloud).name;
  const raw = [{ messageId: 'M1', messageBody: 'no order' }]; // eventSchema RawData
  const consumer = cloud.function('queue-event-consumer');
  const { body } = await consumer.invoke(Buffer.from(JSON.stringify(raw)));
  expect(JSON.parse(String(body))).toMatchObject({ received: 1, dead: 1 });
  expect(cloud.bucket().keys('quarantine/')).toEqual([
    expect.stringMatching(new RegExp(`^quarantine/${queue}/[0-9-]+/M1\\.json$`)),
  ]);
});
