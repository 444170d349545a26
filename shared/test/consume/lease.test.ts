import { setImmediate as turn } from 'node:timers/promises';
import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { checkIn } from '#src/claims/claim-checks';
import { drain } from '#src/consume/drain';
import { ossQuarantine } from '#src/consume/quarantine';
import { ServiceError } from '#src/errors/errors';
import { ossIdempotency } from '#src/idempotency/oss';
import { COUNTS, emptied, numbers, queueOf } from './queue-of.ts';

it('extends the lease of a message in hand and deletes it by the newest handle', async () => {
  const { queue, left, options, clock } = await queueOf(numbers(1), { visibilityTimeout: 30 });
  let finish = () => {};
  let begun = 0;
  let extended = 0;
  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = async (...args) => {
    const changed = await changeVisibility(...args);
    extended++;
    return changed;
  };
  const done = drain(queue, {
    ...options(600),
    handle: () => {
      begun++;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  await until(() => begun === 1);
  for (let half = 1; half <= 6; half++) {
    await clock.advance(15_000);
    await until(() => extended === half);
    await turn();
    expect(left()[0]?.visibleAt).toBe(clock.now() + 30_000);
  }
  expect(left()).toMatchObject([{ state: 'inactive', dequeueCount: 1 }]);
  finish();
  expect(await done).toMatchObject({ handled: 1 });
  expect([begun, left()]).toEqual([1, []]);
});

it('fires the signal when the lease is lost, and leaves the message to its next receiver', async () => {
  const { queue, left, options, clock, lines } = await queueOf(numbers(1), {
    visibilityTimeout: 30,
  });
  const handled: string[] = [];
  let signal: AbortSignal | undefined;
  let requests = 0;
  queue.deleteBatch = () => Promise.reject(new Error(`request ${++requests}`));
  queue.changeVisibility = () => Promise.reject(new Error(`request ${++requests}`));
  const isEmpty = emptied(queue);
  const done = drain(queue, {
    ...options(600),
    heartbeat: false,
    handle: (_payload, delivery) =>
      new Promise<void>((resolve) => {
        signal = delivery.signal;
        signal.addEventListener('abort', () => {
          handled.push('stopped');
          resolve();
        });
      }),
  });
  await until(() => signal !== undefined && isEmpty());
  await clock.advance(30_000);
  expect(await done).toMatchObject({ received: 1, failed: 1, handled: 0 });
  expect(signal?.reason).toMatchObject({ code: 'LeaseLost' });
  expect(handled).toEqual(['stopped']);
  expect(left()).toMatchObject([{ state: 'active', dequeueCount: 1 }]);
  expect(requests).toBe(0);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: 'Lease lost, message left to its next receiver',
      outcome: 'handled',
    }),
  );
});

it('fires the signal at the end of the lease though the heartbeat still waits for its answer', async () => {
  const { queue, options, clock } = await queueOf(numbers(1), { visibilityTimeout: 10 });
  let answer: ((error: Error) => void) | undefined;
  queue.changeVisibility = () =>
    new Promise((_, reject) => {
      answer = reject;
    });
  let signal: AbortSignal | undefined;
  const isEmpty = emptied(queue);
  const done = drain(queue, {
    ...options(600),
    handle: (_payload, delivery) =>
      new Promise<void>((resolve) => {
        signal = delivery.signal;
        signal.addEventListener('abort', () => resolve());
      }),
  });
  await until(() => signal !== undefined && isEmpty());
  await clock.advance(9900);
  expect(signal?.aborted).toBe(false);
  await clock.advance(200);
  expect(signal?.reason).toMatchObject({ code: 'LeaseLost' });
  answer?.(new Error('timed out'));
  expect(await done).toMatchObject({ received: 1, failed: 1 });
});

it.each([1, 2, 3])('keeps a lease of %i seconds', async (visibilityTimeout) => {
  const { queue, options, clock, left } = await queueOf(numbers(1), { visibilityTimeout });
  let extended = 0;
  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = async (...given) => {
    const changed = await changeVisibility(...given);
    extended++;
    return changed;
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
  for (let half = 1; half <= 6; half++) {
    await clock.advance(visibilityTimeout * 500);
    await until(() => extended === half);
    await turn();
  }
  finish?.();
  expect(await done).toMatchObject({ handled: 1 });
  expect(left()).toEqual([]);
});

it.each(['MessageNotExist', 'ReceiptHandleError'])(
  'learns from the heartbeat that another receiver has the message: %s',
  async (code) => {
    const { queue, options, clock } = await queueOf(numbers(1));
    let signal: AbortSignal | undefined;
    let handle = '';
    const receiveBatch = queue.receiveBatch.bind(queue);
    queue.receiveBatch = async (asked) => {
      const messages = await receiveBatch(asked);
      handle = messages[0]?.receiptHandle ?? handle;
      return messages;
    };
    const done = drain(queue, {
      ...options(600),
      handle: (_payload, delivery) =>
        new Promise<void>((resolve) => {
          signal = delivery.signal;
          signal.addEventListener('abort', () => resolve());
        }),
    });
    await until(() => signal !== undefined);
    if (code === 'MessageNotExist') await queue.delete(handle);
    else
      queue.changeVisibility = () =>
        Promise.reject(new ServiceError('no', { service: 'smq', code }));
    await clock.advance(30_000);
    await until(() => signal?.aborted === true);
    expect(await done).toMatchObject({ failed: 1 });
    expect(signal?.reason).toMatchObject({ cause: { code } });
  },
);

it('starts no handler once the lease is lost, and releases its key', async () => {
  const { queue, options, bucket, clock, lines } = await queueOf([]);
  await queue.send((await checkIn(bucket, '{"n":1}')).body);
  const idempotency = { store: ossIdempotency(bucket, { clock }), key: () => 'k' };
  let fetched: (() => void) | undefined;
  let ran = 0;
  const getObjectStream = bucket.getObjectStream.bind(bucket);
  bucket.getObjectStream = async (...wanted) => {
    await new Promise<void>((resolve) => {
      fetched = resolve;
    });
    return getObjectStream(...wanted);
  };
  const common = { ...options(300), idempotency, claims: bucket, handle: async () => void ran++ };
  const isEmpty = emptied(queue);
  const done = drain(queue, { ...common, heartbeat: false });
  await until(() => fetched !== undefined && isEmpty());
  await clock.advance(60_000);
  bucket.getObjectStream = getObjectStream;
  fetched?.();
  expect(await done).toEqual({ ...COUNTS, received: 1, failed: 1 });
  expect(ran).toBe(0);
  expect(lines).toContainEqual(
    expect.objectContaining({
      message: 'Lease lost, message left to its next receiver',
      outcome: 'failed',
      attempt: 1,
    }),
  );
  expect(await drain(queue, common)).toMatchObject({ handled: 1 });
  expect(ran).toBe(1);
});

it('sets no message aside whose lease another receiver has, whatever the handler throws', async () => {
  const { queue, options, bucket, clock, objects } = await queueOf(['{"n":1}']);
  let began = false;
  const isEmpty = emptied(queue);
  const done = drain(queue, {
    ...options(300),
    heartbeat: false,
    quarantine: ossQuarantine(bucket),
    maxOwnFailures: 1,
    handle: (_payload, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        began = true;
      }),
  });
  await until(() => began && isEmpty());
  await clock.advance(60_000);
  expect(await done).toEqual({ ...COUNTS, received: 1, failed: 1 });
  expect(await objects('quarantine/')).toEqual([]);
});
