import { expect, it } from 'vitest';
import { drain } from '#src/consume/drain';
import type { QuarantineEntry } from '#src/consume/quarantine';
import { InvalidInputError } from '#src/errors/errors';
import { COUNTS } from './queue-of.ts';
import { ended, slowQueue } from './slow-queue.ts';

it('receives nothing ahead without a heartbeat: a lease that is not extended is for the handler alone', async () => {
  const { clock, queue, runs, drainOptions } = slowQueue({
    messages: 300,
    requestMs: 6,
    handlerMs: () => 20,
  });
  const options = { ...drainOptions(), heartbeat: false, concurrency: 16 };
  const report = await ended(clock, drain(queue, options));
  expect(report).toEqual({ ...COUNTS, received: 300, handled: 300 });
  expect(runs.filter(({ received, begun }) => begun !== received)).toEqual([]);
});

it('does not take the time in which a poll waited for messages for that of a receive', async () => {
  // One at a time, each of which a poll has waited for; then many, whose handlers take long.
  const { clock, queue, most, runs, drainOptions } = slowQueue({
    messages: 16,
    requestMs: 6,
    handlerMs: (n) => (n < 10 ? 1000 : 20_000),
    sentAt: (n) => Math.min(n, 10) * 15_000,
  });
  const options = { ...drainOptions(600_000), waitSeconds: 20, concurrency: 1 };
  const report = await ended(clock, drain(queue, options));
  expect(report).toEqual({ ...COUNTS, received: 16, handled: 16 });
  // One is handled, and one may be about to be deleted: others are left to other instances.
  expect(most.inHand).toBeLessThanOrEqual(2);
  expect(runs.filter(({ received, begun }) => begun !== received)).toEqual([]);
});

it('receives nothing more ahead once an answer was not full', async () => {
  const { clock, queue, receives, runs, drainOptions } = slowQueue({
    messages: 179,
    requestMs: 6,
    // The last three wait for a handler.
    handlerMs: (n) => (n < 160 ? 20 : 5000),
  });
  const options = { ...drainOptions(), waitSeconds: 20, concurrency: 16 };
  await ended(clock, drain(queue, options));
  const last = runs.at(-1)?.received ?? 0;
  expect(runs.filter(({ received, begun }) => received === last && begun > last)).not.toEqual([]);
  // What was asked for before that answer aside.
  const later = receives.map(({ at }) => at - last).filter((ms) => ms > 6);
  expect(later.filter((ms) => ms < 4900)).toEqual([]);
  expect(later).not.toEqual([]);
});

it('goes on with the one handler that is free, while another takes long', async () => {
  const { clock, queue, runs, drainOptions } = slowQueue({
    messages: 8,
    requestMs: 6,
    handlerMs: (n) => (n === 0 ? 30_000 : 2000),
  });
  await ended(clock, drain(queue, { ...drainOptions(), concurrency: 2 }));
  expect(runs.filter(({ n, ended }) => n > 0 && ended > 30_000)).toEqual([]);
  expect(runs).toHaveLength(8);
});

it('keeps with a quarantined message when it was received, not when its handler began', async () => {
  const { clock, queue, runs, drainOptions } = slowQueue({
    messages: 200,
    requestMs: 6,
    handlerMs: () => 20,
  });
  const start = clock.now();
  const entries: QuarantineEntry[] = [];
  const put = async (entry: QuarantineEntry) => {
    entries.push(entry);
    return 'there';
  };
  const options = drainOptions();
  const report = await ended(
    clock,
    drain(queue, {
      ...options,
      concurrency: 16,
      quarantine: { put },
      handle: async (payload, delivery) => {
        await options.handle(payload, delivery);
        throw new InvalidInputError('never', { code: 'Never' });
      },
    }),
  );
  expect(report).toEqual({ ...COUNTS, received: 200, dead: 200 });
  expect(runs.some(({ received, begun }) => begun > received)).toBe(true);
  const times = (all: (readonly [string, number])[]) => new Map(all);
  expect(times(entries.map((one) => [one.messageId, one.receivedAt - start]))).toEqual(
    times(runs.map(({ n, received }) => [`m${n}`, received])),
  );
});
