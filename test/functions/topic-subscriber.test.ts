import { type TestCloud, topicEvent } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { handler } from '#functions/topic-subscriber';
import { calledDirectly, localCloud } from '#test/local-cloud';
import { topicOf } from '#test/messages';
import { anOrder } from '#test/orders';

const ordersTopic = (cloud: TestCloud) => topicOf(cloud, 'topic-subscriber');
const receipt = (order: { id: string; customer: string }) => ({
  [`receipts/${order.id}.json`]: JSON.stringify({ orderId: order.id, customer: order.customer }),
});

it.each([
  ['JSON', (body: string) => topicEvent(body, { attributes: { traceparent: 'none' } })],
  ['STREAM', (body: string) => Buffer.from(body)],
  ['STREAM with attributes', (body: string) => Buffer.from(JSON.stringify({ body, attrs: {} }))],
])('keeps a receipt of an order that comes as %s', async (_, event) => {
  const { cloud, context } = await calledDirectly('topic-subscriber');
  const order = anOrder();
  const report = await handler(event(JSON.stringify(order)), context);
  expect(report).toMatchObject({ received: 1, handled: 1 });
  expect(await cloud.bucket().objects('receipts/')).toEqual(receipt(order));
});

it('does the same as a bundle, for messages published to the topic', async () => {
  const cloud = await localCloud();
  const order = anOrder();
  await ordersTopic(cloud).publish(JSON.stringify(order));
  const receipts = () => cloud.bucket().objects('receipts/');
  await expect.poll(receipts, { timeout: 15_000 }).toEqual(receipt(order));
});

it('keeps one receipt, however often the notification comes', async () => {
  const { cloud, context } = await calledDirectly('topic-subscriber');
  const order = anOrder();
  const event = topicEvent(JSON.stringify(order));
  for (let delivery = 0; delivery < 2; delivery++)
    expect(await handler(event, context)).toMatchObject({ handled: 1 });
  expect(await cloud.bucket().objects('receipts/')).toEqual(receipt(order));
});

it('sets aside a message that is not an order instead of failing until FC gives up', async () => {
  const { cloud, context } = await calledDirectly('topic-subscriber');
  expect(await handler(topicEvent('hello'), context)).toMatchObject({ dead: 1 });
  const [text] = Object.values(
    await cloud.bucket().objects(`quarantine/${ordersTopic(cloud).name}/`),
  );
  expect(JSON.parse(text ?? '')).toMatchObject({
    body: 'hello',
    source: { kind: 'topic', name: ordersTopic(cloud).name },
    messageId: '2F5B3C281B283D4EAC694B7425280000',
  });
});

it('fails so that FC tries again, and sets the notification aside in the last try', async () => {
  const { cloud, context } = await calledDirectly('topic-subscriber');
  const order = anOrder();
  const event = topicEvent(JSON.stringify(order));
  await handler(event, context);
  const other = topicEvent(JSON.stringify({ ...order, customer: 'Grace' }));
  for (let retryCount = 0; retryCount < 3; retryCount++)
    await expect(handler(other, { ...context, retryCount })).rejects.toMatchObject({
      code: 'BatchIncomplete',
      cause: { code: 'ObjectConflict' },
    });
  expect(await handler(other, { ...context, retryCount: 3 })).toMatchObject({ dead: 1 });
  expect(Object.keys(await cloud.bucket().objects('quarantine/'))).toHaveLength(1);
});
