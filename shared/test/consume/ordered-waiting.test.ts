import { setImmediate as turn } from 'node:timers/promises';
import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { drain } from '#src/consume/drain';
import { COUNTS, numbers, queueOf } from './queue-of.ts';

it('leaves to its next receiver a message whose lease ends while it waits for its turn', async () => {
  const { queue, options, clock, left } = await queueOf(numbers(2));
  const receiveBatch = queue.receiveBatch.bind(queue);
  let empty = false;
  queue.receiveBatch = async (asked) => {
    const messages = await receiveBatch(asked);
    empty ||= messages.length === 0;
    return messages.map((message, place) => ({
      ...message,
      messageGroupId: 'one',
      nextVisibleTime: message.nextVisibleTime - 10_000 * place,
    }));
  };
  let requests = 0;
  queue.changeVisibility = () => Promise.reject(new Error(`request ${++requests}`));
  const fail: (() => void)[] = [];
  const done = drain(queue, {
    ...options(600),
    heartbeat: false,
    handle: () => new Promise<void>((_, reject) => void fail.push(() => reject(new Error('no')))),
  });
  await until(() => fail.length === 1 && empty);
  await clock.advance(55_000);
  fail[0]?.();
  expect(await done).toEqual({ ...COUNTS, received: 2, failed: 1, returned: 1 });
  // The first is to be given back; the second is no longer this drain's.
  expect([fail.length, requests]).toEqual([1, 1]);
  expect(left()).toHaveLength(2);
});

it('asks once more when a message of a group was in hand as an empty receive began', async () => {
  const { queue, options } = await queueOf([]);
  await queue.send('{"n":0}', { messageGroupId: 'one' });
  const receiveBatch = queue.receiveBatch.bind(queue);
  let receives = 0;
  let answer: (() => void) | undefined;
  queue.receiveBatch = async (asked) => {
    if (++receives !== 2) return receiveBatch(asked);
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return []; // the service withheld the next of the group when it was asked
  };
  const seen: number[] = [];
  let finish: (() => void) | undefined;
  const done = drain(queue, {
    ...options(),
    handle: async ({ n }) => {
      seen.push(n);
      if (n === 0)
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
    },
  });
  await until(() => answer !== undefined && finish !== undefined);
  await queue.send('{"n":1}', { messageGroupId: 'one' });
  const deleteBatch = queue.deleteBatch.bind(queue);
  let deleted = false;
  queue.deleteBatch = async (handles) => {
    const results = await deleteBatch(handles);
    deleted = true;
    return results;
  };
  finish?.();
  await until(() => deleted);
  for (let turns = 0; turns < 10; turns++) await turn();
  answer?.();
  expect(await done).toEqual({ ...COUNTS, received: 2, handled: 2 });
  expect(seen).toEqual([0, 1]);
});
