import { expect, it } from 'vitest';
import type { Clock } from '#src/clock/clock';
import { type FleetOptions, runFleet } from '#src/fc/fleet/fleet';
import { createLog } from '#src/log/log';
import { OssClient } from '#src/oss/bucket/client';
import { SmqClient } from '#src/smq/client';
import { ACCOUNT, localAccount, OWNER, REGION } from '#test/local-account';

const SECOND = 1000;

/** A queue with that many messages and a fleet whose waits take no time. Records when each worker was started. */
async function fleetOf(messages: number, actions = ['*']) {
  const resources = {
    queues: [{ name: 'q' }],
    buckets: [{ name: 'places', acl: 'private' as const }],
  };
  const { cloud, clock, context } = await localAccount({ resources }, actions);
  const queue = cloud.queue('q');
  for (let n = 0; n < messages; n++) await queue.send(String(n));
  const { credentials } = context();
  const asOwner = actions.includes('*');
  const at = {
    accountId: ACCOUNT,
    region: REGION,
    credentials: asOwner ? OWNER : (credentials as typeof OWNER),
    env: cloud.environment,
  };
  // Time passes only while all runs wait: none is slower than another, however busy the machine is.
  let running = 0;
  let waiting: { until: number; run(): void }[] = [];
  const wake = () => {
    if (waiting.length === 0 || waiting.length < running) return;
    const next = Math.min(...waiting.map(({ until }) => until));
    const woken = waiting.filter(({ until }) => until === next);
    waiting = waiting.filter(({ until }) => until > next);
    setImmediate(async () => {
      await clock.advance(Math.max(0, next - clock.now()));
      for (const { run } of woken) run();
    });
  };
  const quick: Clock = {
    now: () => clock.now(),
    after(ms, run) {
      waiting.push({ until: clock.now() + ms, run });
      wake();
      return { cancel() {} };
    },
  };
  const begin = clock.now();
  const started: { place: number; second: number }[] = [];
  return {
    clock,
    queue,
    started,
    places: () => cloud.bucket('places').keys('fleet/q/'),
    async run(options: Partial<FleetOptions> = {}) {
      const ends = clock.now() + 60 * SECOND;
      running++;
      const ended = runFleet(new SmqClient(at).queue('q'), {
        bucket: new OssClient({ ...at, bucket: 'places' }),
        maxWorkers: 8,
        workerSeconds: 120,
        workerRequests: 300,
        deadline: { remaining: () => ends - clock.now() },
        log: createLog({ level: 'silent' }),
        clock: quick,
        start: async (place) => {
          started.push({ place, second: (clock.now() - begin) / SECOND });
        },
        ...options,
      });
      return ended.finally(() => {
        running--;
        wake();
      });
    },
  };
}

it('starts no worker for an empty queue, and ends at once', async () => {
  const { run, started, places } = await fleetOf(0);
  expect(await run()).toEqual({ started: 0, workers: 0, backlog: false });
  expect([started, places()]).toEqual([[], []]);
});

it('starts one worker for a few messages, and no second', async () => {
  const { run, started } = await fleetOf(15);
  expect(await run()).toEqual({ started: 1, workers: 1, backlog: true });
  expect(started).toEqual([{ place: 1, second: 0 }]);
});

it('starts twice as many workers each time that more messages are waiting, and never more than allowed', async () => {
  const { run, started } = await fleetOf(100);
  expect(await run({ maxWorkers: 7 })).toEqual({ started: 7, workers: 7, backlog: true });
  expect(started.map(({ second }) => second)).toEqual([0, 3, 6, 6, 9, 9, 9]);
  expect(started.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('counts the workers that earlier runs have started, until their time is over', async () => {
  const { run, started, clock } = await fleetOf(100);
  await run({ maxWorkers: 4 });
  expect(await run({ maxWorkers: 4 })).toMatchObject({ started: 0, workers: 4 });
  await clock.advance(10 * SECOND);
  expect(await run({ maxWorkers: 4 })).toMatchObject({ started: 4, workers: 4 });
  const twice = started.filter(({ place }) => place === 1).map(({ second }) => second);
  expect(twice).toHaveLength(2);
  expect(Number(twice[1]) - Number(twice[0])).toBeGreaterThan(120);
});

it('never runs more workers at a time than allowed, over many minutes of overlapping runs', async () => {
  const { run, started, clock } = await fleetOf(100);
  const ends = clock.now() + 800 * SECOND;
  while (clock.now() < ends) await Promise.all([run({ maxWorkers: 5 }), run({ maxWorkers: 5 })]);
  for (const { second } of started) {
    const atATime = started.filter((one) => one.second <= second && one.second > second - 120);
    expect(atATime.length).toBeLessThanOrEqual(5);
  }
  expect(started.length).toBeGreaterThan(5 * 4);
});

it('ends when the backlog is gone', async () => {
  const { run, queue } = await fleetOf(100);
  const report = await run({
    start: async (place) => {
      if (place === 3) await queue.delete().then(() => queue.create());
    },
  });
  expect(report).toMatchObject({ backlog: false, workers: 4 });
});

it('needs none of the queue’s counts: its role may not even ask for them', async () => {
  const actions = ['mns:PeekMessage', 'mns:BatchPeekMessage', 'oss:ListObjects', 'oss:PutObject'];
  const { run } = await fleetOf(100, actions);
  expect(await run()).toMatchObject({ started: 8, workers: 8 });
});

it('leaves the place of a worker that could not be started until its time is over', async () => {
  const { run, started } = await fleetOf(100);
  const failure = new Error('throttled');
  await expect(run({ start: () => Promise.reject(failure) })).rejects.toBe(failure);
  await run({ maxWorkers: 2 });
  expect(started.map(({ place }) => place)).toEqual([2]);
});

it.each([
  [{ maxWorkers: 0 }, 'InvalidFleet'],
  [{ maxWorkers: 301 }, 'InvalidFleet'],
  [{ workerSeconds: 0 }, 'InvalidFleet'],
  [{ maxWorkers: 67, workerRequests: 300 }, 'TooManyRequests'],
])('refuses %j', async (options, code) => {
  const { run, started } = await fleetOf(1);
  await expect(run(options)).rejects.toMatchObject({ code, name: 'ConfigurationError' });
  expect(started).toEqual([]);
});
