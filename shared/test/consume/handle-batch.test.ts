import { DrivenClock, until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Clock } from '#src/clock/clock';
import { handleBatch } from '#src/consume/handle-batch';
import type { Incoming } from '#src/consume/message';
import { ossQuarantine } from '#src/consume/quarantine';
import { Deadline } from '#src/context/deadline';
import { ServiceError } from '#src/errors/errors';
import { ossIdempotency } from '#src/idempotency/oss';
import { createLog } from '#src/log/log';
import { localOss } from '#test/oss/local-oss';

const schema = z.object({ n: z.number() });
const messages = (count: number): Incoming[] =>
  Array.from({ length: count }, (_, n) => ({
    messageId: `M${n}`,
    source: { kind: 'queue', name: 'q' },
    body: JSON.stringify({ n }),
    userProperties: {},
  }));

function options(clock = new DrivenClock(), timeout = 60) {
  const deadline = new Deadline({ function: { memory: 512, timeout } }, () => clock.now());
  return { schema, clock, deadline, log: createLog({ level: 'silent' }), handle: async () => {} };
}

it('runs only messages that have not succeeded when the batch comes again', async () => {
  const { client: bucket, clock } = await localOss();
  const ran: number[] = [];
  const push = (down: number[]) => {
    const store = ossIdempotency(bucket, { clock });
    return handleBatch(messages(20), {
      ...options(clock),
      idempotency: { store, key: ({ n }) => String(n) },
      handle: async ({ n }) => {
        if (down.includes(n))
          throw new ServiceError('down', { service: 'oss', code: 'x', retryable: true });
        ran.push(n);
      },
    });
  };
  await expect(push([3, 7])).rejects.toMatchObject({ message: expect.stringMatching(/^2 of 20/) });
  await expect(push([7])).rejects.toMatchObject({ message: expect.stringMatching(/^1 of 20/) });
  expect(await push([])).toMatchObject({ received: 20, handled: 20 });
  expect(ran.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

it('sets aside a message that keeps failing, by the count of its claims, before the retries are used up', async () => {
  const { client: bucket, clock } = await localOss();
  const push = () =>
    handleBatch(messages(2), {
      ...options(clock),
      idempotency: { store: ossIdempotency(bucket, { clock }), key: ({ n }) => String(n) },
      quarantine: ossQuarantine(bucket),
      maxOwnFailures: 3,
      handle: async ({ n }) => {
        if (n === 1) throw new Error('no');
      },
    });
  await expect(push()).rejects.toThrow('1 of 2 messages');
  await expect(push()).rejects.toThrow('1 of 2 messages');
  expect(await push()).toEqual({ received: 2, handled: 1, failed: 0, returned: 0, dead: 1 });
  const { objects } = await bucket.listObjects({ prefix: 'quarantine/q/' });
  expect(objects.map(({ key }) => key)).toEqual([expect.stringMatching(/\/M1\.json$/)]);
});

it('sets aside, without another run, a message whose every try has ended the process', async () => {
  const { client: bucket, clock } = await localOss();
  const claimMs = 10_000;
  for (let crash = 1; crash <= 3; crash++) {
    await ossIdempotency(bucket, { clock, claimMs }).claim('0'); // and ends the process after that
    await clock.advance(20_000);
  }
  let runs = 0;
  const report = await handleBatch(messages(1), {
    ...options(clock),
    idempotency: { store: ossIdempotency(bucket, { clock, claimMs }), key: ({ n }) => String(n) },
    quarantine: ossQuarantine(bucket),
    maxTries: 3,
    handle: async () => {
      runs++;
    },
  });
  expect(report).toMatchObject({ received: 1, dead: 1 });
  expect(runs).toBe(0);
});

/** Advances the clock whenever the batch pauses, until it has ended. */
async function seenThrough<Report>(
  clock: DrivenClock,
  begin: (clock: Clock) => Promise<Report>,
): Promise<Report> {
  let timers = 0;
  let ended = false;
  const counting: Clock = {
    now: () => clock.now(),
    after(ms, run) {
      timers++;
      return clock.after(ms, run);
    },
  };
  const batch = begin(counting);
  const end = () => {
    ended = true;
  };
  batch.then(end, end);
  for (let seen = timers; !ended; seen++) {
    await until(() => ended || timers > seen);
    await clock.advance(2000);
  }
  return batch;
}

it('waits for the end of a claim left by a crashed try, rather than use up a retry', async () => {
  const { client: bucket, clock } = await localOss();
  const store = (claimMs: number) => ossIdempotency(bucket, { clock, claimMs });
  await store(20_000).claim('1'); // and then the instance crashes
  const ran: number[] = [];
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const report = await seenThrough(clock, (counting) =>
    handleBatch(messages(3), {
      ...options(clock),
      clock: counting,
      log: createLog({ level: 'info', destination }),
      idempotency: { store: store(60_000), key: ({ n }) => String(n) },
      handle: async ({ n }) => void ran.push(n),
    }),
  );
  expect(report).toEqual({ received: 3, handled: 3, failed: 0, returned: 0, dead: 0 });
  expect(ran).toHaveLength(3);
  expect(ran.at(-1)).toBe(1);
  const waiting = lines.filter(({ message }) => message === 'Still waiting for others');
  expect(waiting.map(({ messages, seconds }) => [messages, seconds])).toEqual([
    [1, 4],
    [1, 8],
    [1, 16],
  ]);
  expect(lines.at(-1)).toMatchObject({ message: 'Handled batch', received: 3, handled: 3 });
});

it('fails for a message that another instance is handling when there is no time left', async () => {
  const { client: bucket, clock } = await localOss();
  const store = () => ossIdempotency(bucket, { clock });
  await store().claim('1');
  const start = clock.now();
  let pauses = 0;
  const batch = seenThrough(clock, (counting) =>
    handleBatch(messages(3), {
      ...options(clock),
      clock: {
        ...counting,
        after(ms, run) {
          if (ms === 2000) pauses++;
          return counting.after(ms, run);
        },
      },
      idempotency: { store: store(), key: ({ n }) => String(n) },
    }),
  );
  await expect(batch).rejects.toThrow('1 of 3 messages');
  expect(clock.now() - start).toBeLessThanOrEqual(52_000);
  expect(pauses).toBe(24); // with 2 seconds left before the reserve of 10, one more would leave none
});

it('logs once for each message that another instance is handling it, and then at growing intervals that it waits', async () => {
  const { client: bucket, clock } = await localOss();
  const lines: { message: string; messageId?: string; seconds?: number }[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const store = () => ossIdempotency(bucket, { clock });
  for (const key of ['0', '1']) await store().claim(key);
  const batch = seenThrough(clock, (counting) =>
    handleBatch(messages(2), {
      ...options(clock),
      clock: counting,
      log: createLog({ level: 'info', destination }),
      idempotency: { store: store(), key: ({ n }) => String(n) },
    }),
  );
  await expect(batch).rejects.toThrow('2 of 2 messages');
  const named = lines.filter(({ message }) => message === 'Another instance is at it');
  expect(named.map(({ messageId }) => messageId).toSorted()).toEqual(['M0', 'M1']);
  const waiting = lines.filter(({ message }) => message === 'Still waiting for others');
  expect(waiting.map(({ seconds }) => seconds)).toEqual([4, 8, 16, 32]);
});

it('runs a key once that comes twice in the same batch, and succeeds', async () => {
  const { client: bucket, clock } = await localOss();
  let ran = 0;
  const report = await seenThrough(clock, (counting) =>
    handleBatch(messages(2), {
      ...options(clock),
      clock: counting,
      idempotency: { store: ossIdempotency(bucket, { clock }), key: () => 'k' },
      handle: async () => void ran++,
    }),
  );
  expect(report).toMatchObject({ received: 2, handled: 2 });
  expect(ran).toBe(1);
});

it('logs a message whose handler was stopped at the end, as its first try', async () => {
  const clock = new DrivenClock();
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  let began = false;
  const batch = handleBatch(messages(1), {
    ...options(clock, 20),
    log: createLog({ level: 'info', destination }),
    handle: () => {
      began = true;
      return new Promise(() => {});
    },
  });
  const refused = expect(batch).rejects.toThrow('1 of 1 messages');
  await until(() => began);
  await clock.advance(20_000);
  await refused;
  expect(lines.filter(({ level }) => level === 'error')).toEqual([
    expect.objectContaining({
      message: 'Message failed',
      messageId: 'M0',
      attempt: 1,
      error: expect.objectContaining({ code: 'DeadlineExceeded' }),
    }),
  ]);
});

it('leaves no timer', async () => {
  const clock = new DrivenClock();
  await handleBatch(messages(2), options(clock));
  expect(clock.pending).toBe(0);
});

it('runs no more than `concurrency` handlers at a time', async () => {
  let running = 0;
  let most = 0;
  await handleBatch(messages(50), {
    ...options(),
    concurrency: 4,
    handle: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    },
  });
  expect(most).toBe(4);
});

it('starts nothing near the deadline, and reports that the rest has to come again', async () => {
  const clock = new DrivenClock();
  const ran: number[] = [];
  const batch = handleBatch(messages(5), {
    ...options(clock, 20),
    concurrency: 1,
    handle: async ({ n }) => {
      ran.push(n);
      await clock.advance(4000);
    },
  });
  await expect(batch).rejects.toMatchObject({ message: expect.stringMatching(/^2 of 5/) });
  expect(ran).toEqual([0, 1, 2]);
});

it('fails the batch when quarantine cannot store poison', async () => {
  const [message] = messages(1);
  const batch = handleBatch([{ ...(message as Incoming), body: 'nonsense' }], {
    ...options(),
    quarantine: { put: () => Promise.reject(new Error('full')) },
  });
  await expect(batch).rejects.toMatchObject({ cause: { code: 'InvalidJson' } });
});
