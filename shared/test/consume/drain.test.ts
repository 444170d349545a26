import { setImmediate as turn } from 'node:timers/promises';
import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { checkIn } from '#src/claims/claim-checks';
import { drain } from '#src/consume/drain';
import { formatTraceparent } from '#src/context/trace';
import { ServiceError } from '#src/errors/errors';
import { COUNTS, numbers, queueOf } from './queue-of.ts';

it('handles and deletes everything until the queue is empty', async () => {
  const { queue, left, options } = await queueOf(numbers(50));
  const seen: number[] = [];
  const report = await drain(queue, {
    ...options(),
    handle: async ({ n }) => void seen.push(n),
  });
  expect(report).toEqual({ ...COUNTS, received: 50, handled: 50 });
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(left()).toEqual([]);
});

it.each([1, 16, 40])(
  'handles up to %i messages at a time if set so, and never more',
  async (most) => {
    const { queue, options } = await queueOf(numbers(100));
    const release: (() => void)[] = [];
    let highest = 0;
    const done = drain(queue, {
      ...options(),
      concurrency: most,
      handle: () => {
        highest = Math.max(highest, release.length + 1);
        return new Promise<void>((resolve) => void release.push(resolve));
      },
    });
    await until(() => release.length === most);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(release).toHaveLength(most);
    const drained = done.then(() => true);
    let ended = false;
    void drained.then(() => {
      ended = true;
    });
    while (!ended) {
      for (const resolve of release.splice(0)) resolve();
      await turn();
    }
    expect(highest).toBe(most);
    expect(await done).toMatchObject({ received: 100, handled: 100 });
  },
);

it.each([9_000, 10_000])(
  'starts nothing within the reserve, at %i of 10,000 ms, and gives back what came too late',
  async (late) => {
    const { queue, left, options, clock } = await queueOf(numbers(3));
    let remaining = 30_000;
    const deadline = { remaining: () => remaining };
    const receiveBatch = queue.receiveBatch.bind(queue);
    queue.receiveBatch = async (asked) => {
      const messages = await receiveBatch(asked);
      remaining = late;
      return messages;
    };
    const report = await drain(queue, { ...options(), deadline, reserveMs: 10_000 });
    expect(report).toEqual({ ...COUNTS, received: 3, returned: 3 });
    await clock.advance(1000);
    expect(left()).toMatchObject(Array(3).fill({ state: 'active', dequeueCount: 1 }));
  },
);

it('does not receive at all when there is no time to start a handler', async () => {
  const { queue, left, options } = await queueOf(numbers(1));
  const report = await drain(queue, { ...options(), deadline: { remaining: () => -1 } });
  expect(report).toEqual(COUNTS);
  expect(left()).toMatchObject([{ state: 'active', dequeueCount: 0 }]);
});

it.each([undefined, 'group'])(
  'receives and starts a handler with a millisecond left before the reserve of 10 seconds: %s',
  async (messageGroupId) => {
    const { queue, options, clock } = await queueOf([]);
    await queue.send('{"n":1}', messageGroupId === undefined ? {} : { messageGroupId });
    const timers = clock.pending;
    let asked = 0;
    const deadline = { remaining: () => (asked++ === 0 ? 30_000 : 10_001) };
    const report = await drain(queue, { ...options(), deadline });
    expect(report).toEqual({ ...COUNTS, received: 1, handled: 1 });
    expect(clock.pending).toBe(timers); // it leaves none of its own
  },
);

it('does not fire the signal of a handler that has ended', async () => {
  const { queue, options, clock } = await queueOf(numbers(2));
  const signals: AbortSignal[] = [];
  const done = drain(queue, {
    ...options(20),
    handle: ({ n }, { signal }) => {
      signals[n] = signal;
      return n === 0 ? Promise.resolve() : new Promise(() => {});
    },
  });
  await until(() => signals.length === 2);
  await clock.advance(20_000);
  expect(await done).toEqual({ ...COUNTS, received: 2, handled: 1, failed: 1 });
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
});

it('fires a handler’s signal before the invocation ends, and gives its message back', async () => {
  const { queue, left, options, clock } = await queueOf(numbers(1));
  let signal: AbortSignal | undefined;
  const done = drain(queue, {
    ...options(20),
    handle: (_payload, delivery) => {
      signal = delivery.signal;
      return new Promise(() => {}); // never ends, and ignores its signal
    },
  });
  await until(() => signal !== undefined);
  await clock.advance(17_999);
  expect(signal?.aborted).toBe(false);
  await clock.advance(1);
  expect(signal?.reason).toMatchObject({ code: 'DeadlineExceeded' });
  expect(await done).toEqual({ ...COUNTS, received: 1, failed: 1 });
  expect((left()[0]?.visibleAt ?? 0) - clock.now()).toBeLessThanOrEqual(5000);
});

it('counts a message that SMQ did not delete as failed, and the rest of its batch as handled', async () => {
  const { queue, options, left, clock, lines } = await queueOf(numbers(5));
  const report = await drain(queue, {
    ...options(),
    handle: async ({ n }, { messageId }) => {
      if (n !== 2) return;
      await clock.advance(0);
      expect(messageId).toMatch(/^[0-9A-F]{32}$/);
      const deleteBatch = queue.deleteBatch.bind(queue);
      queue.deleteBatch = (handles) =>
        deleteBatch(handles.map((handle, index) => (index === 0 ? `${handle}x` : handle)));
    },
  });
  expect(report.failed).toBeGreaterThan(0);
  expect(report.handled + report.failed).toBe(5);
  expect(left()).toHaveLength(report.failed);
  expect(lines.filter(({ message }) => message === 'Not deleted')).toMatchObject(
    Array(report.failed).fill({ level: 'warn', attempt: 1, error: { name: 'ServiceError' } }),
  );
});

it('handles the payload that a claim check names, and any other body unchanged', async () => {
  const { queue, options, bucket } = await queueOf(numbers(1));
  const { body } = await checkIn(bucket, '{"n":7}');
  await queue.send(body);
  const seen: number[] = [];
  await drain(queue, {
    ...options(),
    claims: bucket,
    handle: async ({ n }) => void seen.push(n),
  });
  expect(seen.toSorted()).toEqual([0, 7]);
});

it('continues the trace of the message, in the handler and in each of its log lines', async () => {
  const { queue, options, lines } = await queueOf([]);
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const parent = '00f067aa0ba902b7';
  await queue.send('{"n":1}', { userProperties: { traceparent: `00-${traceId}-${parent}-01` } });
  let passedOn = '';
  await drain(queue, {
    ...options(),
    handle: async (_payload, { trace, log }) => {
      passedOn = formatTraceparent(trace);
      log.info({ own: true }, 'Seen');
    },
  });
  expect(passedOn).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  expect(passedOn).not.toContain(parent);
  expect(lines).toContainEqual(
    expect.objectContaining({ own: true, traceId, spanId: passedOn.split('-')[2] }),
  );
});

it('waits for waitSeconds for an empty queue to fill', async () => {
  const { queue, options, clock } = await queueOf([]);
  const start = clock.now();
  let ended = 0;
  const done = drain(queue, { ...options(), waitSeconds: 10 }).finally(() => {
    ended = clock.now() - start;
  });
  await clock.advance(5000);
  await queue.send('{"n":1}');
  while (ended === 0) {
    await clock.advance(250);
    for (let turns = 0; turns < 20; turns++) await turn();
  }
  expect(await done).toMatchObject({ received: 1, handled: 1 });
  expect(ended / 1000).toBeGreaterThan(14);
});

it('rejects when the queue cannot be received from, after finishing the messages in hand', async () => {
  const { client, options } = await queueOf([]);
  await expect(drain(client.queue('nobody'), options())).rejects.toMatchObject({
    code: 'QueueNotExist',
  });
});

it('tolerates passing failures of the service, and gives up on lasting ones', async () => {
  const { queue, options, clock } = await queueOf(numbers(20));
  const receiveBatch = queue.receiveBatch.bind(queue);
  let down = 3;
  queue.receiveBatch = (asked) =>
    down-- > 0
      ? Promise.reject(new ServiceError('down', { service: 'smq', code: 'x', retryable: true }))
      : receiveBatch(asked);
  const settledBy = async <Value>(promise: Promise<Value>): Promise<Value> => {
    let ended = false;
    const end = () => {
      ended = true;
    };
    promise.then(end, end);
    while (!ended) {
      await clock.advance(200);
      await turn();
    }
    return promise;
  };
  expect(await settledBy(drain(queue, options()))).toMatchObject({ handled: 20 });
  down = Number.POSITIVE_INFINITY;
  await expect(settledBy(drain(queue, options(600)))).rejects.toMatchObject({ code: 'x' });
});

it('logs a failed message with its id, its try and the reason', async () => {
  const { queue, options, lines } = await queueOf(['nonsense']);
  await drain(queue, options());
  expect(lines).toContainEqual(
    expect.objectContaining({
      messageId: expect.stringMatching(/^[0-9A-F]{32}$/),
      attempt: 1,
      error: expect.objectContaining({ code: 'InvalidJson' }),
    }),
  );
});

it('stops handlers a quarter of the reserve before the end, and starts none after that, whatever the deadline says', async () => {
  const { queue, options, clock } = await queueOf(numbers(2));
  const started = clock.now();
  let stoppedAt = 0;
  let begun = 0;
  const done = drain(queue, {
    ...options(),
    deadline: { remaining: () => 20_000 }, // from another clock than ours, which does not move
    reserveMs: 4000,
    concurrency: 1,
    handle: (_payload, { signal }) =>
      new Promise((_, reject) => {
        begun++;
        signal.addEventListener('abort', () => {
          stoppedAt = clock.now() - started;
          reject(signal.reason);
        });
      }),
  });
  await until(() => begun === 1);
  await clock.advance(19_500);
  expect(stoppedAt).toBe(19_000);
  expect(await done).toEqual({ ...COUNTS, received: 1, failed: 1 });
  expect(begun).toBe(1);
});
