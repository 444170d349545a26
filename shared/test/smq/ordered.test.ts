import { expect, it } from 'vitest';
import { publish } from '#src/publish/publish';
import { localSmq } from './local-smq.ts';

it('sends messages of a group, alone and in a batch, and receives them with their group, one after the other', async () => {
  const { client } = await localSmq();
  const queue = client.queue('orders');
  await queue.send('1', { messageGroupId: 'a & b' });
  const sent = await queue.sendBatch([{ body: '2', messageGroupId: 'a & b' }, { body: 'free' }]);
  expect(sent.map(({ ok }) => ok)).toEqual([true, true]);
  expect(await queue.peek()).toMatchObject({ messageGroupId: 'a & b' });
  const messages = await queue.receiveBatch();
  expect(messages.map(({ body, messageGroupId }) => [body, messageGroupId]).toSorted()).toEqual([
    ['1', 'a & b'],
    ['free', undefined],
  ]);
  expect(await queue.receive()).toBeUndefined();
  const first = messages.find(({ body }) => body === '1');
  await queue.delete(first?.receiptHandle ?? '');
  expect(await queue.receive()).toMatchObject({ body: '2', messageGroupId: 'a & b' });
});

it('refuses an empty group before anything is sent', async () => {
  const { client, orders } = await localSmq();
  const refused = { name: 'InvalidInputError', code: 'InvalidMessageGroup' };
  const group = { messageGroupId: '' };
  await expect(client.queue('orders').send('x', group)).rejects.toMatchObject(refused);
  await expect(client.topic('news').publish('x', group)).rejects.toMatchObject(refused);
  expect(orders.messages()).toEqual([]);
});

/** A topic whose messages go to the queue `orders`. */
async function topicToQueue() {
  const { client, orders } = await localSmq();
  const topic = client.topic('news');
  const { endpoint } = client.queue('orders');
  await topic.subscribe('to-orders', { endpoint, notifyContentFormat: 'SIMPLIFIED' });
  return { topic, orders };
}

it('publishes the items of a group in their order', async () => {
  const { topic, orders } = await topicToQueue();
  const payloads = Array.from({ length: 20 }, (_, n) => n);
  const items = payloads.map((n) => ({ payload: n, messageGroupId: `g${n % 2}` }));
  const outcomes = await publish(topic, items);
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  const of = (group: string) =>
    orders.messages().flatMap(({ body, groupId }) => (groupId === group ? Number(body) : []));
  expect(of('g0')).toEqual(payloads.filter((n) => n % 2 === 0));
  expect(of('g1')).toEqual(payloads.filter((n) => n % 2 === 1));
});

it('publishes no more of a group after one that failed, and all others', async () => {
  const { topic, orders } = await topicToQueue();
  const outcomes = await publish(topic, [
    { payload: '1', messageGroupId: 'a' },
    { payload: '\u0000', messageGroupId: 'a' },
    { payload: '3', messageGroupId: 'a' },
    { payload: '4', messageGroupId: 'b' },
    { payload: '5' },
  ]);
  expect(outcomes.map((one) => (one.ok ? 'ok' : Reflect.get(one.error, 'code')))).toEqual([
    'ok',
    'InvalidCharacter',
    'EarlierInGroupFailed',
    'ok',
    'ok',
  ]);
  expect(orders.bodies().toSorted()).toEqual(['1', '4', '5']);
});
