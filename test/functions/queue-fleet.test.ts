import { timerEvent } from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
import { handler } from '#functions/queue-fleet';
import { calledDirectly, localCloud } from '#test/local-cloud';
import { queueOf } from '#test/messages';
import { deployStandIn } from '#test/stand-in';

const tick = timerEvent({ triggerName: 'every-minute' });

/** A worker that ends at once. */
const WORKER = 'exports.handler = async (event) => JSON.parse(event).triggerName;';

/** Starts a cloud with that many messages waiting, and a function under the name that the fleet starts. */
async function waiting(messages: number) {
  const cloud = await localCloud();
  const fleet = cloud.function('queue-fleet');
  const name = fleet.env.WORKER_NAME ?? '';
  await deployStandIn(cloud, 'queue-fleet', name, WORKER);
  const queue = queueOf(cloud, 'queue-fleet');
  for (let n = 0; n < messages; n++) await queue.send(String(n));
  const { context, restore } = fleet.calledDirectly({ timeout: 5 });
  onTestFinished(restore);
  return { cloud, fleet, context, places: () => cloud.bucket().keys('fleet/').length };
}

it('starts a worker for waiting messages, and no other while its place is taken', async () => {
  const { context, places } = await waiting(1);
  expect(await handler(tick, context)).toEqual({ started: 1, workers: 1, backlog: true });
  expect(await handler(tick, context)).toEqual({ started: 0, workers: 1, backlog: true });
  expect(places()).toBe(1);
});

it('starts twice as many while more are waiting', async () => {
  const { context, places } = await waiting(20);
  const started: number[] = [];
  for (let run = 0; run < 4; run++) started.push((await handler(tick, context)).started);
  expect(started).toEqual([1, 1, 2, 4]);
  expect(places()).toBe(8);
});

it('does the same as a bundle, run by its timer', async () => {
  const { fleet, places } = await waiting(1);
  await fleet.redeploy({ timeout: 5 });
  const { body } = await fleet.fireTimer();
  expect(JSON.parse(body.toString())).toEqual({ started: 1, workers: 1, backlog: true });
  expect(places()).toBe(1);
});

it('starts nothing while nothing waits, and nothing starts it but its timer', async () => {
  const cloud = await localCloud();
  const { body } = await cloud.function('queue-fleet').fireTimer();
  expect(JSON.parse(body.toString())).toEqual({ started: 0, workers: 0, backlog: false });
  expect(cloud.function('queue-fleet').invocations()).toHaveLength(1);
});

it.each([
  ['MAX_WORKERS', 'many', 'InvalidEnvironment'],
  ['MAX_WORKERS', '100', 'TooManyRequests'],
  ['WORKER_SECONDS', '0', 'InvalidFleet'],
  ['WORKER_NAME', '', 'MissingEnvironment'],
])('reports what is wrong when %s is %j', async (name, value, code) => {
  const { context } = await calledDirectly('queue-fleet');
  process.env[name] = value;
  await expect(handler(tick, context)).rejects.toMatchObject({ code });
});

it('is refused a worker that its role does not name', async () => {
  const { context } = await waiting(1);
  process.env.WORKER_NAME = 'service/other';
  await expect(handler(tick, context)).rejects.toMatchObject({ code: 'AccessDenied' });
});
