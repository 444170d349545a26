import { setImmediate as turn } from 'node:timers/promises';
import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { sleep } from '#src/clock/clock';
import { drain } from '#src/consume/drain';
import { ServiceError } from '#src/errors/errors';
import { COUNTS, numbers, queueOf } from './queue-of.ts';

/** Advances the clock until the drain has ended. */
async function drained<Value>(
  clock: Awaited<ReturnType<typeof queueOf>>['clock'],
  promise: Promise<Value>,
  stepMs = 100,
): Promise<Value> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  promise.then(end, end);
  while (!ended) {
    for (let turns = 0; turns < 10; turns++) await turn();
    if (!ended) await clock.advance(stepMs);
  }
  return promise;
}

const down = () =>
  Promise.reject(new ServiceError('down', { service: 'smq', code: 'x', retryable: true }));

it('waits longer after each failed receive, up to a second, and gives up after six consecutive ones', async () => {
  const { queue, options, clock, lines } = await queueOf([]);
  const at: number[] = [];
  queue.receiveBatch = () => {
    at.push(clock.now());
    return down();
  };
  await expect(drained(clock, drain(queue, options(600)))).rejects.toMatchObject({ code: 'x' });
  expect(at.map((time) => time - (at[0] ?? 0))).toEqual([0, 200, 600, 1400, 2400, 3400]);
  const said = lines.filter(({ message }) => message === 'Receive failed, trying again');
  expect(said).toMatchObject(Array(5).fill({ level: 'warn', error: { message: 'down' } }));
});

it('counts failed receives anew after one that succeeded', async () => {
  const { queue, options, clock } = await queueOf(numbers(2));
  const receiveBatch = queue.receiveBatch.bind(queue);
  let receives = 0;
  queue.receiveBatch = (asked) =>
    ++receives % 6 === 0 ? receiveBatch({ ...asked, max: 1 }) : down();
  expect(await drained(clock, drain(queue, options(600)))).toMatchObject({ handled: 2 });
  expect(receives).toBe(18);
});

it('asks once a second for the rest of the wait when polls are answered at once', async () => {
  const { queue, options, clock } = await queueOf([]);
  const polls: [number, number | undefined][] = [];
  const begun = clock.now();
  queue.receiveBatch = async ({ waitSeconds } = {}) => {
    polls.push([clock.now() - begun, waitSeconds]);
    return [];
  };
  await drained(clock, drain(queue, { ...options(), waitSeconds: 3 }));
  expect(polls).toEqual([
    [0, 3],
    [1000, 2],
    [2000, 1],
    [3000, 0],
  ]);
});

it('asks for no more than the rest of the wait, in whole seconds', async () => {
  const { queue, options, clock } = await queueOf([]);
  const waits: (number | undefined)[] = [];
  queue.receiveBatch = async ({ waitSeconds } = {}) => {
    waits.push(waitSeconds);
    await clock.advance(1001);
    return [];
  };
  await drained(clock, drain(queue, { ...options(), waitSeconds: 3 }));
  expect(waits).toEqual([3, 1]);
});

it('pauses after a poll that took a second at most, and not after a longer one', async () => {
  const { queue, options, clock } = await queueOf([]);
  const begun = clock.now();
  const took = [1000, 1100, 1000];
  const polls: number[] = [];
  queue.receiveBatch = async () => {
    polls.push(clock.now() - begun);
    await sleep(clock, took[polls.length - 1] ?? 0);
    return [];
  };
  await drained(clock, drain(queue, { ...options(), waitSeconds: 5 }));
  expect(polls.slice(0, 3)).toEqual([0, 2000, 3100]);
});

it('waits anew after a message that came during the wait', async () => {
  const { queue, options, clock } = await queueOf(numbers(1));
  const receiveBatch = queue.receiveBatch.bind(queue);
  const waits: (number | undefined)[] = [];
  queue.receiveBatch = async (asked = {}) => {
    waits.push(asked.waitSeconds);
    return waits.length === 2 ? receiveBatch({ ...asked, waitSeconds: 0 }) : [];
  };
  const done = drained(clock, drain(queue, { ...options(), waitSeconds: 3 }));
  expect(await done).toMatchObject({ handled: 1 });
  expect(waits).toEqual([3, 2, 3, 2, 1, 0]);
});

it('ends after one poll that has taken all of the wait', async () => {
  const { queue, options, clock } = await queueOf([]);
  let polls = 0;
  queue.receiveBatch = async () => {
    polls++;
    await clock.advance(3000);
    return [];
  };
  await drain(queue, { ...options(), waitSeconds: 3 });
  expect(polls).toBe(1);
});

it('logs when a message that could not be given back comes again, and continues', async () => {
  const { queue, options, lines } = await queueOf(numbers(2));
  queue.changeVisibility = () => Promise.reject(new Error('away'));
  const report = await drain(queue, {
    ...options(),
    handle: () => Promise.reject(new Error('no')),
  });
  expect(report).toEqual({ ...COUNTS, received: 2, failed: 2 });
  const said = lines.filter(
    ({ message }) => message === 'Not given back, comes when its lease ends',
  );
  expect(said).toMatchObject(Array(2).fill({ level: 'warn', error: { message: 'away' } }));
  expect(said.every(({ messageId }) => /^[0-9A-F]{32}$/.test(String(messageId)))).toBe(true);
});

it('makes two receives at a time while answers are full and there is room for two full batches', async () => {
  const { queue, options } = await queueOf(numbers(80));
  const receiveBatch = queue.receiveBatch.bind(queue);
  let running = 0;
  let most = 0;
  queue.receiveBatch = async (asked) => {
    most = Math.max(most, ++running);
    try {
      return await receiveBatch(asked);
    } finally {
      running--;
    }
  };
  const release: (() => void)[] = [];
  const done = drain(queue, {
    ...options(),
    concurrency: 48,
    handle: () => new Promise<void>((resolve) => void release.push(resolve)),
  });
  await until(() => release.length === 48);
  expect(most).toBe(2);
  let ended = false;
  void done.then(() => {
    ended = true;
  });
  while (!ended) {
    for (const resolve of release.splice(0)) resolve();
    await turn();
  }
  expect(await done).toMatchObject({ handled: 80 });
});

it('lets only the first of two receives wait', async () => {
  const { queue, options } = await queueOf(numbers(16));
  const receiveBatch = queue.receiveBatch.bind(queue);
  const waits: (number | undefined)[] = [];
  queue.receiveBatch = (asked = {}) => {
    waits.push(asked.waitSeconds);
    if (waits.length === 1) return receiveBatch({ ...asked, waitSeconds: 0 });
    return Promise.reject(new ServiceError('no', { service: 'smq', code: 'AccessDenied' }));
  };
  const done = drain(queue, { ...options(), concurrency: 48, waitSeconds: 3 });
  await expect(done).rejects.toMatchObject({ code: 'AccessDenied' });
  expect(waits).toEqual([3, 3, 0]);
});

it.each([
  [30, 20],
  [21, 20],
  [20, 20],
  [19, 19],
])(
  'asks for a wait of %i seconds when 20 are left before the reserve: %i',
  async (waitSeconds, asked) => {
    const { queue, options, clock } = await queueOf([]);
    const waits: (number | undefined)[] = [];
    let remaining = 30_000;
    queue.receiveBatch = async (wanted = {}) => {
      waits.push(wanted.waitSeconds);
      remaining = 0;
      return [];
    };
    const deadline = { remaining: () => remaining };
    await drained(clock, drain(queue, { ...options(), deadline, reserveMs: 10_000, waitSeconds }));
    expect(waits).toEqual([asked]);
  },
);

it('makes one receive at a time again after one that failed', async () => {
  const { queue, options, clock } = await queueOf(numbers(16));
  const receiveBatch = queue.receiveBatch.bind(queue);
  let running = 0;
  const together: number[] = [];
  queue.receiveBatch = async (asked) => {
    running++;
    await turn();
    await turn();
    together.push(running);
    await turn();
    running--;
    if (together.length === 1) return receiveBatch(asked);
    return down();
  };
  const done = drain(queue, {
    ...options(60),
    concurrency: 48,
    handle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  });
  await expect(drained(clock, done)).rejects.toMatchObject({ code: 'x' });
  expect(Math.max(...together)).toBe(3);
  expect(together.slice(-3)).toEqual([1, 1, 1]);
});

it('has no more messages in hand than twice its concurrency with none received ahead, though deletes take their time', async () => {
  const { queue, options, left } = await queueOf(numbers(40));
  const deleteBatch = queue.deleteBatch.bind(queue);
  const receiveBatch = queue.receiveBatch.bind(queue);
  let received = 0;
  queue.receiveBatch = async (asked) => {
    const messages = await receiveBatch(asked);
    received += messages.length;
    return messages;
  };
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  queue.deleteBatch = async (handles) => {
    await released;
    return deleteBatch(handles);
  };
  const done = drain(queue, { ...options(), concurrency: 4 });
  await until(() => received >= 8);
  for (let turns = 0; turns < 50; turns++) await turn();
  expect(received).toBe(8);
  release();
  expect(await done).toMatchObject({ handled: 40 });
  expect(left()).toEqual([]);
});
