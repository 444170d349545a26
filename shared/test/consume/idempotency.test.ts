import { expect, it } from 'vitest';
import { drain } from '#src/consume/drain';
import { ossIdempotency } from '#src/idempotency/oss';
import { COUNTS, queueOf } from './queue-of.ts';

it('runs the side effect of a key once, however often the message comes', async () => {
  const { queue, options, bucket, clock, left } = await queueOf([
    '{"n":1}',
    '{"n":1}',
    '{"n":2}',
    '{"n":1}',
  ]);
  const seen: number[] = [];
  const total = { ...COUNTS };
  for (let run = 0; run < 5 && left().length > 0; run++) {
    const store = ossIdempotency(bucket, { clock, claimMs: 60_000 });
    const report = await drain(queue, {
      ...options(),
      idempotency: { store, key: ({ n }) => String(n) },
      handle: async ({ n }) => void seen.push(n),
    });
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += report[name];
    await clock.advance(20_000);
  }
  expect(seen.toSorted()).toEqual([1, 2]);
  expect(left()).toEqual([]);
  expect(total.handled).toBe(4);
});

it('does not lose a message whose handler crashed between claim and completion', async () => {
  const { queue, options, bucket, clock, left, lines } = await queueOf(['{"n":1}']);
  const store = () => ossIdempotency(bucket, { clock, claimMs: 60_000 });
  await store().claim('1'); // and then the instance crashes
  const seen: number[] = [];
  const drainOnce = () =>
    drain(queue, {
      ...options(),
      idempotency: { store: store(), key: ({ n }) => String(n) },
      handle: async ({ n }) => void seen.push(n),
    });
  expect(await drainOnce()).toEqual({ ...COUNTS, received: 1, returned: 1 });
  expect(seen).toEqual([]);
  const said = () => lines.map(({ message }) => message);
  expect(said()).toEqual(['Another instance is at it', 'Drained queue']);
  await clock.advance(70_000);
  expect(await drainOnce()).toMatchObject({ handled: 1 });
  expect([seen, left()]).toEqual([[1], []]);
  expect(said().slice(2)).toEqual(['Drained queue']);
});

it('runs a failed side effect again', async () => {
  const { queue, options, bucket, clock } = await queueOf(['{"n":1}']);
  let tries = 0;
  const drainOnce = () =>
    drain(queue, {
      ...options(),
      idempotency: { store: ossIdempotency(bucket, { clock }), key: () => 'k' },
      handle: async () => {
        if (++tries === 1) throw new Error('no');
      },
    });
  expect(await drainOnce()).toMatchObject({ failed: 1 });
  await clock.advance(5000);
  expect(await drainOnce()).toMatchObject({ handled: 1 });
  expect(tries).toBe(2);
});

it('counts the tries of a message by the queue, not by the store, which counts those of the key', async () => {
  const { queue, options, bucket, clock } = await queueOf(['{"n":1}']);
  await queue.receive(); // and then the instance crashes, before the key is claimed
  await clock.advance(60_000);
  const attempts: number[] = [];
  await drain(queue, {
    ...options(),
    idempotency: { store: ossIdempotency(bucket, { clock }), key: () => 'k' },
    handle: async (_payload, { attempt }) => void attempts.push(attempt),
  });
  expect(attempts).toEqual([2]);
});
