import { DrivenClock, until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { Lease } from '#src/consume/lease';
import { ServiceError } from '#src/errors/errors';
import { createLog } from '#src/log/log';
import type { Message } from '#src/smq/types';
import { localSmq } from '#test/smq/local-smq';

/** Makes the lease of a message of these times, and records the extensions asked for, in seconds. */
async function leaseOf(clock: DrivenClock, times: Partial<Message>, heartbeat = false) {
  const { client } = await localSmq();
  const queue = client.queue('orders');
  const seconds: number[] = [];
  queue.changeVisibility = async (receiptHandle, asked) => {
    seconds.push(asked);
    return { receiptHandle, nextVisibleTime: clock.now() + asked * 1000 };
  };
  const message: Message = {
    messageId: 'M',
    body: '',
    bodyMd5: '',
    userProperties: {},
    systemProperties: {},
    receiptHandle: 'h',
    enqueueTime: 0,
    firstDequeueTime: clock.now(),
    nextVisibleTime: clock.now(),
    dequeueCount: 1,
    priority: 8,
    messageGroupId: undefined,
    ...times,
  };
  const log = createLog({ level: 'silent' });
  return { lease: new Lease(queue, message, { clock, log, heartbeat }), queue, seconds };
}

it.each([
  ['the first receive by the times of SMQ, whose clock may differ', 1, 30_000],
  ['a later one by our own clock, since SMQ gives the first receive only', 2, 10_000],
])('measures the lease of %s', async (_, dequeueCount, length) => {
  const clock = new DrivenClock();
  // By SMQ's clock, which is 20 seconds late.
  const times = { firstDequeueTime: clock.now() - 20_000, nextVisibleTime: clock.now() + 10_000 };
  const { lease } = await leaseOf(clock, { ...times, dequeueCount });
  await clock.advance(length - 1);
  expect(lease.lost).toBe(false);
  await clock.advance(1);
  expect(lease.lost).toBe(true);
});

it('counts on a second at least, when our own clock is ahead of the end of the lease', async () => {
  const clock = new DrivenClock();
  const { lease } = await leaseOf(clock, { dequeueCount: 2, nextVisibleTime: clock.now() - 5000 });
  await clock.advance(999);
  expect(lease.lost).toBe(false);
  await clock.advance(1);
  expect(lease.lost).toBe(true);
});

it.each([
  [10_000, 10],
  [10_001, 11],
])('extends a lease of %i ms by whole seconds, none less: %i', async (length, asked) => {
  const clock = new DrivenClock();
  const nextVisibleTime = clock.now() + length;
  const { lease, seconds } = await leaseOf(clock, { dequeueCount: 2, nextVisibleTime }, true);
  await clock.advance(length / 2);
  await until(() => seconds.length === 1);
  expect(seconds).toEqual([asked]);
  await lease.release();
  expect(clock.pending).toBe(0);
});

it('never fires the signal of a lease that was released', async () => {
  const clock = new DrivenClock();
  const { lease } = await leaseOf(clock, { nextVisibleTime: clock.now() + 10_000 });
  expect(await lease.release()).toEqual({ handle: 'h', ends: clock.now() + 10_000 });
  await clock.advance(20_000);
  expect(lease.signal.aborted).toBe(false);
});

it('leaves no timer when the heartbeat has learned that the lease is lost', async () => {
  const clock = new DrivenClock();
  const { lease, queue } = await leaseOf(clock, { nextVisibleTime: clock.now() + 10_000 }, true);
  queue.changeVisibility = () =>
    Promise.reject(new ServiceError('gone', { service: 'smq', code: 'MessageNotExist' }));
  await clock.advance(5000);
  await until(() => lease.lost);
  expect(clock.pending).toBe(0);
});
