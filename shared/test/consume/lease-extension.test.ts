import { setImmediate as turn } from 'node:timers/promises';
import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { drain } from '#src/consume/drain';
import { COUNTS, numbers, queueOf } from './queue-of.ts';

it.each([
  [10, [5000, 7500, 8750, 9750]],
  [8, [4000, 6000, 7000]],
  [2, [1000, 1500]],
])(
  'tries to extend a lease of %i seconds ever sooner, never within a second of the last try or a quarter of the lease, and not once it is lost',
  async (visibilityTimeout, expected) => {
    const { queue, options, clock, lines } = await queueOf(numbers(1), { visibilityTimeout });
    const started = clock.now();
    const tries: number[] = [];
    queue.changeVisibility = () => {
      tries.push(clock.now() - started);
      return Promise.reject(new Error('away'));
    };
    let finish: (() => void) | undefined;
    let lostAt = 0;
    const done = drain(queue, {
      ...options(600),
      handle: (_payload, { signal }) => {
        signal.addEventListener('abort', () => {
          lostAt = clock.now() - started;
        });
        return new Promise<void>((resolve) => {
          finish = resolve; // long after the lease is lost
        });
      },
    });
    await until(() => finish !== undefined);
    for (let quarter = 0; quarter < 8 * visibilityTimeout; quarter++) {
      await clock.advance(250);
      for (let turns = 0; turns < 5; turns++) await turn();
    }
    finish?.();
    expect(await done).toMatchObject({ failed: 1 });
    expect(lostAt).toBe(visibilityTimeout * 1000);
    expect(tries).toEqual(expected);
    expect(lines.filter(({ message }) => message === 'Lease not extended')).toHaveLength(
      expected.length,
    );
  },
);

it('deletes by the handle of an extension that is under way when the handler ends', async () => {
  const { queue, options, clock, left } = await queueOf(numbers(1), { visibilityTimeout: 10 });
  const changeVisibility = queue.changeVisibility.bind(queue);
  let changed = false;
  let isVoid = false;
  let answer = () => {};
  queue.changeVisibility = async (...given) => {
    const first = !changed;
    changed = true;
    const result = await changeVisibility(...given); // the old handle is void from then on
    isVoid = first;
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return result;
  };
  let finish: (() => void) | undefined;
  const done = drain(queue, {
    ...options(600),
    handle: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  await until(() => finish !== undefined);
  await clock.advance(5000);
  await until(() => isVoid);
  finish?.();
  for (let turns = 0; turns < 10; turns++) await turn();
  answer();
  expect(await done).toEqual({ ...COUNTS, received: 1, handled: 1 });
  expect(left()).toEqual([]);
  changed = false;
  await clock.advance(20_000);
  expect(changed).toBe(false); // nothing extends it any more
});

it('fires the signal at the end of an extended lease, which cannot be extended again', async () => {
  const { queue, options, clock } = await queueOf(numbers(1), { visibilityTimeout: 10 });
  const started = clock.now();
  const changeVisibility = queue.changeVisibility.bind(queue);
  let extended = 0;
  queue.changeVisibility = async (...given) => {
    if (extended > 0) throw new Error('away');
    const result = await changeVisibility(...given);
    extended++;
    return result;
  };
  let began = false;
  let lostAt = 0;
  const done = drain(queue, {
    ...options(600),
    handle: (_payload, { signal }) =>
      new Promise<void>((resolve) => {
        began = true;
        signal.addEventListener('abort', () => {
          lostAt = clock.now() - started;
          resolve();
        });
      }),
  });
  await until(() => began);
  await clock.advance(5000);
  await until(() => extended === 1);
  await turn();
  await clock.advance(9999);
  expect(lostAt).toBe(0);
  await clock.advance(1);
  expect(lostAt).toBe(15_000);
  expect(await done).toMatchObject({ failed: 1 });
});
