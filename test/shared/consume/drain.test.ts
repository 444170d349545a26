import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { startSmq } from '#local/smq/server';
import { type DrainOptions, drain } from '#shared/consume/drain';
import { ossQuarantine, queueQuarantine } from '#shared/consume/quarantine';
import { Deadline } from '#shared/context';
import { InvalidInputError, ServiceError } from '#shared/errors';
import { ossIdempotency } from '#shared/idempotency/oss';
import { createLog } from '#shared/log';
import { SmqClient } from '#shared/smq/client';
import { formatTraceparent } from '#shared/trace';
import { ACCOUNT, OWNER, REGION } from '#test/shared/local-account';
import { localOss } from '#test/shared/oss/local-oss';

const schema = z.object({ n: z.number() });
const numbers = (count: number) => Array.from({ length: count }, (_, n) => JSON.stringify({ n }));

/** A queue with these bodies (leases of 60 seconds), a bucket on the same clock, and options for drain with what it has logged. */
async function queueOf(
  bodies: string[],
  { visibilityTimeout = 60, strictHandles = true }: Record<string, number | boolean> = {},
) {
  const { clock, identities, client: bucket } = await localOss();
  const smq = await startSmq({
    clock,
    authority: identities,
    region: REGION,
    strictHandles: strictHandles === true,
  });
  onTestFinished(() => smq.close());
  const { service } = smq;
  await service.createQueue('dead');
  await service.apply({
    queues: [
      {
        name: 'q',
        visibilityTimeout: Number(visibilityTimeout),
        deadLetter: { queue: 'dead', maxReceiveCount: 20 },
      },
    ],
  });
  for (const body of bodies) await service.send('q', { body });
  const client = new SmqClient({
    accountId: ACCOUNT,
    region: REGION,
    credentials: OWNER,
    env: { SMQ_ENDPOINT: smq.url },
  });
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const options = (timeout = 60) => ({
    schema,
    clock,
    log: createLog({ level: 'info', destination }),
    deadline: new Deadline({ function: { memory: 512, timeout } }, () => clock.now()),
    handle: async () => {},
    random: () => 1,
  });
  return {
    clock,
    bucket,
    lines,
    client,
    queue: client.queue('q'),
    options,
    left: (name = 'q') => service.inspect(name),
    objects: async (prefix: string) => {
      const { objects } = await bucket.listObjects({ prefix });
      return objects.map(({ key }) => key);
    },
  };
}

/** Lets requests on loopback go through while the clock stands still. */
async function until(condition: () => boolean) {
  while (!condition()) await turn();
}

const COUNTS = { received: 0, handled: 0, failed: 0, returned: 0, dead: 0 };

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

it.each([1, 16, 40])('keeps %i messages in flight when told so, and never more', async (most) => {
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
});

it('gives a failed message back, each time for longer, until it is poison', async () => {
  const { queue, left, options, clock, bucket, objects } = await queueOf(['{"n":1}']);
  const drainOnce = (extra: Partial<DrainOptions<{ n: number }>>) =>
    drain(queue, {
      ...options(),
      handle: () => Promise.reject(new Error('no')),
      maxReceives: 4,
      ...extra,
    });
  const waits: number[] = [];
  const quarantine = ossQuarantine(bucket);
  for (let receive = 1; receive <= 3; receive++) {
    expect(await drainOnce({ quarantine })).toEqual({ ...COUNTS, received: 1, failed: 1 });
    const wait = (left()[0]?.visibleAt ?? 0) - clock.now();
    waits.push(wait / 1000);
    expect(await drainOnce({ quarantine })).toEqual(COUNTS);
    await clock.advance(wait);
  }
  expect(waits).toEqual([5, 10, 20]);
  expect(await drainOnce({ quarantine })).toEqual({ ...COUNTS, received: 1, dead: 1 });
  expect(left()).toEqual([]);
  expect(await objects('quarantine/q/')).toHaveLength(1);
});

it('keeps poison with the error, the issues, the ids and the raw body, then deletes it', async () => {
  const { queue, left, options, bucket, objects, clock } = await queueOf(['{"n":"one"}']);
  const [message] = left();
  const report = await drain(queue, { ...options(), quarantine: ossQuarantine(bucket) });
  expect(report).toEqual({ ...COUNTS, received: 1, dead: 1 });
  expect(left()).toEqual([]);
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const key = `quarantine/q/${day}/${message?.id}.json`;
  expect(await objects('quarantine/')).toEqual([key]);
  const { body } = await bucket.getObject(key);
  expect(JSON.parse(body.toString())).toEqual({
    messageId: message?.id,
    source: { kind: 'queue', name: 'q' },
    body: '{"n":"one"}',
    userProperties: {},
    error: {
      name: 'InvalidInputError',
      code: 'InvalidValue',
      message: expect.stringMatching(/^Message body is not valid \(n: /),
    },
    issues: [{ path: 'n', message: expect.any(String) }],
    dequeueCount: 1,
    enqueueTime: message?.enqueueTime,
    receivedAt: clock.now(),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

it('sets a message aside when its handler says that it will never do', async () => {
  const { queue, options, client, left } = await queueOf(['{"n":1}']);
  const report = await drain(queue, {
    ...options(),
    quarantine: queueQuarantine(client.queue('dead')),
    handle: () => Promise.reject(new InvalidInputError('No such product', { code: 'NoProduct' })),
  });
  expect(report).toMatchObject({ dead: 1 });
  const [dead] = left('dead');
  expect(dead?.body).toBe('{"n":1}');
  expect(dead?.userProperties).toContainEqual(
    expect.objectContaining({ name: 'deadLetterCode', value: 'NoProduct' }),
  );
});

it('does not call a message poison for what would have befallen any other', async () => {
  const { queue, options, clock, left, bucket } = await queueOf(['{"n":1}']);
  const outage = new ServiceError('down', { service: 'oss', code: 'x', retryable: true });
  const extra = { quarantine: ossQuarantine(bucket), handle: () => Promise.reject(outage) };
  for (let receive = 1; receive <= 5; receive++) {
    const limits = { maxReceives: 2, mostReceives: 6 };
    const report = await drain(queue, { ...options(), ...extra, ...limits });
    expect(report).toMatchObject({ received: 1, failed: 1 });
    await clock.advance((left()[0]?.visibleAt ?? 0) - clock.now());
  }
  const report = await drain(queue, { ...options(), ...extra, mostReceives: 6 });
  expect(report).toMatchObject({ received: 1, dead: 1 });
});

it('leaves poison in the queue when quarantine cannot take it, and when there is none', async () => {
  const { queue, options, left, lines, clock } = await queueOf(['nonsense']);
  const quarantine = { put: () => Promise.reject(new Error('full')) };
  expect(await drain(queue, { ...options(), quarantine })).toMatchObject({ failed: 1, dead: 0 });
  expect(lines).toContainEqual(expect.objectContaining({ message: 'Quarantine failed' }));
  await clock.advance(5000);
  expect(await drain(queue, options())).toMatchObject({ failed: 1, dead: 0 });
  expect(left()).toMatchObject([{ body: 'nonsense', state: 'inactive' }]);
});

it('begins nothing within the reserve and gives back what came too late', async () => {
  const { queue, left, options, clock } = await queueOf(numbers(3));
  let remaining = 30_000;
  const deadline = { remaining: () => remaining };
  const receiveBatch = queue.receiveBatch.bind(queue);
  queue.receiveBatch = async (asked) => {
    const messages = await receiveBatch(asked);
    remaining = 9_000;
    return messages;
  };
  const report = await drain(queue, { ...options(), deadline, reserveMs: 10_000 });
  expect(report).toEqual({ ...COUNTS, received: 3, returned: 3 });
  await clock.advance(1000);
  expect(left()).toMatchObject(Array(3).fill({ state: 'active', dequeueCount: 1 }));
});

it('does not receive at all when there is no time to begin', async () => {
  const { queue, left, options } = await queueOf(numbers(1));
  const report = await drain(queue, { ...options(), deadline: { remaining: () => -1 } });
  expect(report).toEqual(COUNTS);
  expect(left()).toMatchObject([{ state: 'active', dequeueCount: 0 }]);
});

it('tells a handler to stop before the invocation ends, and gives its message back', async () => {
  const { queue, left, options, clock } = await queueOf(numbers(1));
  let signal: AbortSignal | undefined;
  const done = drain(queue, {
    ...options(20),
    handle: (_payload, delivery) => {
      signal = delivery.signal;
      return new Promise(() => {}); // deaf
    },
  });
  await until(() => signal !== undefined);
  await clock.advance(17_900);
  expect(signal?.aborted).toBe(false);
  await clock.advance(200);
  expect(signal?.reason).toMatchObject({ code: 'DeadlineExceeded' });
  expect(await done).toEqual({ ...COUNTS, received: 1, failed: 1 });
  expect((left()[0]?.visibleAt ?? 0) - clock.now()).toBeLessThanOrEqual(5000);
});

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
  await until(() => signal !== undefined);
  await clock.advance(30_000);
  expect(await done).toMatchObject({ received: 1, failed: 1, handled: 0 });
  expect(signal?.reason).toMatchObject({ code: 'LeaseLost' });
  expect(handled).toEqual(['stopped']);
  expect(left()).toMatchObject([{ state: 'active', dequeueCount: 1 }]);
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
});

it('learns from the heartbeat that another has the message', async () => {
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
  await queue.delete(handle);
  await clock.advance(30_000);
  await until(() => signal?.aborted === true);
  expect(await done).toMatchObject({ failed: 1 });
  expect(signal?.reason).toMatchObject({ cause: { code: 'MessageNotExist' } });
});

it('counts a message that SMQ did not delete as failed, and the rest of its batch as handled', async () => {
  const { queue, options, left, clock } = await queueOf(numbers(5));
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
});

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
  const { queue, options, bucket, clock, left } = await queueOf(['{"n":1}']);
  const store = () => ossIdempotency(bucket, { clock, claimMs: 60_000 });
  await store().claim('1'); // and the instance is gone
  const seen: number[] = [];
  const drainOnce = () =>
    drain(queue, {
      ...options(),
      idempotency: { store: store(), key: ({ n }) => String(n) },
      handle: async ({ n }) => void seen.push(n),
    });
  expect(await drainOnce()).toEqual({ ...COUNTS, received: 1, returned: 1 });
  expect(seen).toEqual([]);
  await clock.advance(70_000);
  expect(await drainOnce()).toMatchObject({ handled: 1 });
  expect([seen, left()]).toEqual([[1], []]);
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

it('handles what a body stands for, and tidies up after the delete', async () => {
  const { queue, options, left } = await queueOf(['claim']);
  const seen: unknown[] = [];
  await drain(queue, {
    ...options(),
    open: async (body) => ({
      body: body === 'claim' ? '{"n":7}' : '',
      acknowledged: async () => void seen.push(left().length),
    }),
    handle: async ({ n }) => void seen.push(n),
  });
  expect(seen).toEqual([7, 0]);
});

it('takes up the trace of the message, in the handler and in every line of it', async () => {
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

it('waits as long as it was told for an empty queue to fill', async () => {
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

it('rejects when the queue cannot be received from, after seeing to what is in hand', async () => {
  const { client, options } = await queueOf([]);
  await expect(drain(client.queue('nobody'), options())).rejects.toMatchObject({
    code: 'QueueNotExist',
  });
});

it('bears failures of the service that pass, and gives up on those that stay', async () => {
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

it('logs what failed with its message id, its try and the reason', async () => {
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
