import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { drain } from '#src/consume/drain';
import type { Queue } from '#src/smq/queue';
import { COUNTS, emptied, numbers, queueOf } from './queue-of.ts';

/**
 * Makes one answer bring several messages of a group, which the documentation does not rule out: message n
 * is of group n modulo `groups`.
 */
function grouped(queue: Queue, groups = 1): Queue {
  const receiveBatch = queue.receiveBatch.bind(queue);
  queue.receiveBatch = async (asked) => {
    const messages = await receiveBatch(asked);
    return messages
      .toSorted((a, b) => JSON.parse(a.body).n - JSON.parse(b.body).n)
      .map((message) => ({
        ...message,
        messageGroupId: `group ${JSON.parse(message.body).n % groups}`,
      }));
  };
  return queue;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('handles the messages of a group in order, one after the other, and several groups at the same time', async () => {
  const { queue, options, left } = await queueOf(numbers(12));
  const seen: number[] = [];
  const running = [0, 0, 0];
  let most = 0;
  const report = await drain(grouped(queue, 3), {
    ...options(),
    concurrency: 12,
    handle: async ({ n }) => {
      const group = n % 3;
      expect(running[group]).toBe(0);
      running[group] = 1;
      most = Math.max(most, running.filter(Boolean).length);
      for (let turns = 0; turns < 5; turns++) await turn();
      seen.push(n);
      running[group] = 0;
    },
  });
  expect(report).toEqual({ ...COUNTS, received: 12, handled: 12 });
  for (const group of [0, 1, 2])
    expect(seen.filter((n) => n % 3 === group)).toEqual([0, 3, 6, 9].map((n) => n + group));
  expect(most).toBe(3);
  expect(left()).toEqual([]);
});

it('starts no message after one that failed, and gives them back until that one is visible again', async () => {
  const { queue, options, left, clock } = await queueOf(numbers(6));
  const seen: number[] = [];
  const run = (fails: number) =>
    drain(grouped(queue, 2), {
      ...options(),
      handle: async ({ n }) => {
        seen.push(n);
        if (n === fails) throw new Error('no');
      },
    });
  expect(await run(2)).toEqual({ ...COUNTS, received: 6, handled: 4, failed: 1, returned: 1 });
  expect(seen.toSorted()).toEqual([0, 1, 2, 3, 5]);
  // The failed message comes first again, and the one after it no sooner.
  expect(left().map(({ body, visibleAt }) => [body, visibleAt - clock.now()])).toEqual([
    ['{"n":2}', 5000],
    ['{"n":4}', 5000],
  ]);
  await clock.advance(5000);
  seen.length = 0;
  expect(await run(-1)).toEqual({ ...COUNTS, received: 2, handled: 2 });
  expect(seen).toEqual([2, 4]);
});

it('continues a group after poison, which is set aside', async () => {
  const { queue, options, objects, bucket } = await queueOf([
    '{"n":0}',
    '{"n":1,"x":1}',
    '{"n":2}',
  ]);
  const seen: number[] = [];
  const { ossQuarantine } = await import('#src/consume/quarantine');
  const { InvalidInputError } = await import('#src/errors/errors');
  const report = await drain(grouped(queue), {
    ...options(),
    quarantine: ossQuarantine(bucket),
    handle: async ({ n }) => {
      if (n === 1) throw new InvalidInputError('never', { code: 'Never' });
      seen.push(n);
    },
  });
  expect(report).toEqual({ ...COUNTS, received: 3, handled: 2, dead: 1 });
  expect(seen).toEqual([0, 2]);
  expect(await objects('quarantine/q/')).toHaveLength(1);
});

it('holds the leases of messages that wait for their turn', async () => {
  const { queue, options, clock } = await queueOf(numbers(3));
  const release: (() => void)[] = [];
  const empty = emptied(grouped(queue));
  const done = drain(queue, {
    ...options(600),
    handle: () => new Promise<void>((resolve) => void release.push(resolve)),
  });
  for (let n = 0; n < 3; n++) {
    await until(() => release.length === n + 1);
    // Longer than a lease of 60 seconds, in steps in which each heartbeat is answered.
    for (let step = 0; step < 4; step++) {
      await clock.advance(20_000);
      for (let turns = 0; turns < 20; turns++) await turn();
    }
    release[n]?.();
  }
  expect(await done).toEqual({ ...COUNTS, received: 3, handled: 3 });
  expect(empty()).toBe(true);
});

it('drains an ordered queue of the service in order, a failure included', async () => {
  const { queue, options, clock, left } = await queueOf([]);
  for (const group of ['a', 'b'])
    for (const body of numbers(4)) await queue.send(body, { messageGroupId: group });
  const seen: string[] = [];
  const run = (fails: string) =>
    drain(queue, {
      ...options(),
      handle: async ({ n }, { messageGroupId }) => {
        seen.push(`${messageGroupId}${n}`);
        if (`${messageGroupId}${n}` === fails) throw new Error('no');
      },
    });
  await run('a1');
  expect(seen.filter((one) => one.startsWith('a'))).toEqual(['a0', 'a1']);
  expect(seen.filter((one) => one.startsWith('b'))).toEqual(['b0', 'b1', 'b2', 'b3']);
  seen.length = 0;
  await clock.advance(5000);
  await run('');
  expect(seen).toEqual(['a1', 'a2', 'a3']);
  expect(left()).toEqual([]);
});

it.each([9_000, 10_000])(
  'gives the rest of a group back when the reserve has come, at %i of 10,000 ms',
  async (late) => {
    const { queue, options, left } = await queueOf(numbers(3));
    let remaining = 30_000;
    const deadline = { remaining: () => remaining };
    const report = await drain(grouped(queue), {
      ...options(),
      deadline,
      reserveMs: 10_000,
      handle: async () => {
        remaining = late;
      },
    });
    expect(report).toEqual({ ...COUNTS, received: 3, handled: 1, returned: 2 });
    expect(left().map(({ body }) => body)).toEqual(['{"n":1}', '{"n":2}']);
  },
);

it.each([0, 1])(
  'holds a group until the lease of message %i ends, which could not be given back',
  async (kept) => {
    const { queue, options, left, clock } = await queueOf(numbers(3));
    const changeVisibility = queue.changeVisibility.bind(queue);
    let calls = 0;
    queue.changeVisibility = (...given) =>
      calls++ === kept ? Promise.reject(new Error('away')) : changeVisibility(...given);
    const report = await drain(grouped(queue), {
      ...options(),
      handle: async () => {
        await clock.advance(999);
        throw new Error('no');
      },
    });
    expect(report).toEqual({ ...COUNTS, received: 3, failed: 1, returned: 2 });
    const delays = left().map(({ visibleAt }) => visibleAt - clock.now());
    // In whole seconds, and no earlier than the one before it.
    expect(delays).toEqual(kept === 0 ? [59_001, 60_000, 60_000] : [5000, 59_001, 60_000]);
  },
);

it('does not ask for more while a message of a group is in hand and nothing else came', async () => {
  const { queue, options } = await queueOf(numbers(1));
  let finish: (() => void) | undefined;
  const isEmpty = emptied(grouped(queue));
  const receiveBatch = queue.receiveBatch.bind(queue);
  let receives = 0;
  queue.receiveBatch = (asked) => {
    receives++;
    return receiveBatch(asked);
  };
  const done = drain(queue, {
    ...options(),
    handle: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  await until(() => finish !== undefined && isEmpty());
  for (let turns = 0; turns < 50; turns++) await turn();
  expect(receives).toBe(2);
  finish?.();
  expect(await done).toMatchObject({ handled: 1 });
  expect(receives).toBe(3);
});

it('starts no message after one that another receiver has', async () => {
  const { queue, options, clock } = await queueOf(numbers(2));
  const handles: string[] = [];
  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (...given) => {
    handles.push(given[0]);
    return changeVisibility(...given);
  };
  const receiveBatch = grouped(queue).receiveBatch;
  let first = '';
  queue.receiveBatch = async (asked) => {
    const messages = await receiveBatch(asked);
    first ||= messages[0]?.receiptHandle ?? '';
    return messages;
  };
  const seen: number[] = [];
  const done = drain(queue, {
    ...options(600),
    handle: ({ n }, { signal }) =>
      new Promise<void>((resolve) => {
        seen.push(n);
        signal.addEventListener('abort', () => resolve());
      }),
  });
  await until(() => seen.length === 1);
  await queue.delete(first); // as another receiver might
  await clock.advance(30_000);
  expect(await done).toEqual({ ...COUNTS, received: 2, failed: 1, returned: 1 });
  expect(seen).toEqual([0]);
  expect(handles).toContain(first);
});
