import { expect, it } from 'vitest';
import { drain } from '#src/consume/drain';
import { ServiceError } from '#src/errors/errors';
import { COUNTS } from './queue-of.ts';
import { ended, slowQueue } from './slow-queue.ts';

/** How long, in ms, each slot was empty between the handlers of `from` and `to`, as a share of that time. */
function emptyShare(runs: { begun: number; ended: number }[], concurrency: number): number {
  const from = runs[runs.length / 4]?.begun ?? 0;
  const to = runs.at(-1)?.begun ?? 0;
  const busy = runs.reduce(
    (sum, { begun, ended }) => sum + Math.max(0, Math.min(to, ended) - Math.max(from, begun)),
    0,
  );
  return 1 - busy / ((to - from) * concurrency);
}

it.each([
  { concurrency: 64, even: true },
  { concurrency: 64, even: false },
  { concurrency: 16, even: true },
  { concurrency: 16, even: false },
  { concurrency: 4, even: false },
])(
  'receives ahead, in full batches, so that a handler that ends finds the next message there: $concurrency, $even',
  async ({ concurrency, even }) => {
    const messages = 25 * concurrency;
    const { clock, queue, receives, deleted, runs, most, drainOptions } = slowQueue({
      messages,
      requestMs: 6,
      handlerMs: (n) => (even ? 20 : 10 + ((n * 7) % 20)),
    });
    const report = await ended(clock, drain(queue, { ...drainOptions(), concurrency }));
    expect(report).toEqual({ ...COUNTS, received: messages, handled: messages });
    expect(new Set(deleted).size).toBe(messages);
    expect(most.running).toBe(concurrency);
    // Without what is received ahead it is a quarter.
    expect(emptyShare(runs, concurrency)).toBeLessThan(0.05);
    const batch = Math.min(16, concurrency);
    const before = receives.filter(({ at }) => at <= (runs.at(-1)?.begun ?? 0));
    const small = before.filter(({ max }) => max < batch);
    expect(small.length).toBeLessThan(before.length / 10);
  },
);

it('has at most a batch and as many messages as it has handlers in hand ahead, and as many again to delete', async () => {
  const { clock, queue, most, drainOptions } = slowQueue({
    messages: 2000,
    requestMs: 50,
    handlerMs: () => 1,
  });
  await ended(clock, drain(queue, { ...drainOptions(), concurrency: 20 }));
  expect(most.running).toBe(20);
  expect(most.inHand).toBeGreaterThan(3 * 20);
  expect(most.inHand).toBeLessThanOrEqual(2 * 20 + 20 + 16);
});

it('receives nothing ahead of handlers that take long', async () => {
  const { clock, queue, most, runs, drainOptions } = slowQueue({
    messages: 64,
    requestMs: 6,
    handlerMs: (n) => 2000 + 40 * n,
  });
  await ended(clock, drain(queue, { ...drainOptions(), concurrency: 16 }));
  expect(most.running).toBe(16);
  // One that is being deleted may be in hand beside those that are handled.
  expect(most.inHand).toBeLessThanOrEqual(17);
  expect(runs).toHaveLength(64);
});

it('gives back at once, when no handler may be started any more, what was received ahead', async () => {
  const { clock, queue, runs, deleted, changes, drainOptions } = slowQueue({
    messages: 1000,
    requestMs: 6,
    // All handlers suddenly take long: those that wait for one are not started in time.
    handlerMs: (n) => (n < 160 ? 20 : 4900),
  });
  const timers = clock.pending;
  const done = ended(clock, drain(queue, { ...drainOptions(6000), concurrency: 16 }));
  const report = await done;
  const { received, handled, returned: given } = report;
  expect(report).toEqual({ ...COUNTS, received, handled, returned: given });
  expect(given).toBeGreaterThan(8);
  expect(changes).toHaveLength(given);
  // The reserve begins after five seconds; the shortest visibility timeout is one.
  expect(changes.map(({ at, seconds }) => [at, seconds])).toEqual(Array(given).fill([5000, 1]));
  const started = runs.map(({ n }) => n);
  expect(new Set([...started, ...changes.map(({ n }) => n)]).size).toBe(received);
  expect(deleted.toSorted()).toEqual(started.toSorted());
  expect(clock.pending).toBe(timers);
});

it('receives nothing ahead that could not be started before the reserve', async () => {
  const { clock, queue, changes, receives, drainOptions } = slowQueue({
    messages: 100_000,
    requestMs: 6,
    handlerMs: () => 20,
  });
  const report = await ended(clock, drain(queue, { ...drainOptions(2000), concurrency: 64 }));
  const { received, returned: given } = report;
  expect(report).toEqual({ ...COUNTS, received, handled: received - given, returned: given });
  expect(receives.at(-1)?.at).toBeGreaterThan(900);
  // What an answer brings after that is given back; nothing was waiting.
  expect(changes.filter(({ at }) => at <= 1000)).toEqual([]);
});

it('extends the lease of a message received ahead, and leaves one it has lost to its next receiver', async () => {
  const { clock, queue, runs, changes, drainOptions } = slowQueue({
    messages: 208,
    requestMs: 6,
    leaseMs: 1000,
    handlerMs: (n) => (n < 160 ? 20 : 3000),
  });
  const lost = new Set<number>();
  const kept = new Set<number>();
  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (handle, seconds) => {
    const n = Number(handle);
    if (runs.some((run) => run.n === n)) return changeVisibility(handle, seconds);
    if (n % 2 === 0) {
      kept.add(n);
      return changeVisibility(handle, seconds);
    }
    lost.add(n);
    const gone = { service: 'smq', code: 'MessageNotExist' } as const;
    return Promise.reject(new ServiceError('gone', gone));
  };
  const report = await ended(clock, drain(queue, { ...drainOptions(), concurrency: 16 }));
  expect(lost.size).toBeGreaterThan(4);
  expect(report).toEqual({ ...COUNTS, received: 208, failed: lost.size, handled: 208 - lost.size });
  expect(runs.filter(({ n }) => lost.has(n))).toEqual([]);
  expect(runs.filter(({ n }) => kept.has(n)).length).toBe(kept.size);
  expect(changes.every(({ seconds }) => seconds === 1)).toBe(true);
});

it.each([
  [2, 2],
  [4, 3],
  [8, 5],
])(
  'runs no more than `concurrency` handlers at a time of messages in groups: %i of %i groups',
  async (concurrency, groups) => {
    const { clock, queue, most, runs, drainOptions } = slowQueue({
      messages: 200,
      requestMs: 6,
      handlerMs: () => 20,
      groupOf: (n) => (n % 2 === 1 ? `group ${n % groups}` : `own ${n}`),
    });
    await ended(clock, drain(queue, { ...drainOptions(), concurrency }));
    expect(most.running).toBe(concurrency);
    const one = runs.filter(({ n }) => n % 2 === 1 && n % groups === 1);
    for (const [at, { n, begun }] of one.entries()) {
      expect(n).toBeGreaterThan(one[at - 1]?.n ?? -1);
      expect(begun).toBeGreaterThanOrEqual(one[at - 1]?.ended ?? 0);
    }
  },
);
