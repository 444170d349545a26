import { timerEvent, until } from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
import { handler } from '#functions/queue-fleet';
import { calledDirectly, localCloud } from '#test/local-cloud';
import { anOrder, ordersQueue } from '#test/orders';

const tick = timerEvent({ triggerName: 'every-minute' });

it('starts drains that empty the queue', async () => {
  const cloud = await localCloud();
  const { context, restore } = cloud.function('queue-fleet').calledDirectly();
  onTestFinished(restore);
  const orders = Array.from({ length: 40 }, () => anOrder());
  for (const order of orders) await ordersQueue(cloud).send(JSON.stringify(order));

  const report = await handler(tick, context);

  expect(report).toMatchObject({ backlog: false });
  expect(report.started).toBeGreaterThan(0);
  await until(() => cloud.bucket().keys('orders/').length === orders.length);
  expect(cloud.function('queue-consumer').invocations()).toHaveLength(report.started);
});

it('does the same as a bundle, run by its timer', async () => {
  const cloud = await localCloud();
  const fleet = cloud.function('queue-fleet');
  const order = anOrder();
  await ordersQueue(cloud).send(JSON.stringify(order));
  const { body } = await fleet.fireTimer();
  expect(JSON.parse(body.toString())).toMatchObject({ started: 1 });
  await until(() => cloud.bucket().keys('orders/').length === 1);
});

it('starts nothing while nothing waits, and nothing starts it but its timer', async () => {
  const cloud = await localCloud();
  const { body } = await cloud.function('queue-fleet').fireTimer();
  expect(JSON.parse(body.toString())).toEqual({ started: 0, workers: 0, backlog: false });
  expect(cloud.function('queue-consumer').invocations()).toEqual([]);
  expect(cloud.function('queue-fleet').invocations()).toHaveLength(1);
});

it.each([
  ['MAX_WORKERS', 'many', 'InvalidEnvironment'],
  ['MAX_WORKERS', '100', 'TooManyRequests'],
  ['WORKER_SECONDS', '0', 'InvalidFleet'],
  ['WORKER_NAME', '', 'MissingEnvironment'],
])('says what is wrong when %s is %j', async (name, value, code) => {
  const { context } = await calledDirectly('queue-fleet');
  process.env[name] = value;
  await expect(handler(tick, context)).rejects.toMatchObject({ code });
});

it('is refused a worker that its role does not name', async () => {
  const cloud = await localCloud();
  const { context, restore } = cloud.function('queue-fleet').calledDirectly();
  onTestFinished(restore);
  process.env.WORKER_NAME = 'service/other';
  await ordersQueue(cloud).send(JSON.stringify(anOrder()));
  await expect(handler(tick, context)).rejects.toMatchObject({ code: 'AccessDenied' });
});
