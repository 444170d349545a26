import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { DrivenClock } from '#local/clock';
import { Identities } from '#local/identities/identities';
import { startSmq } from '#local/smq/server';
import { drain } from '#shared/consume/drain';
import { createLog } from '#shared/log';
import { SmqClient } from '#shared/smq/client';

const account = { accountId: '1', accessKeyId: 'id', accessKeySecret: 'secret' };
const schema = z.object({ n: z.number() });
const log = pino({ level: 'silent' });
const minute = { remaining: () => 60_000 };

async function queueOf(bodies: string[]) {
  const clock = new DrivenClock();
  const authority = new Identities({ clock, ...account });
  const smq = await startSmq({ clock, authority, region: 'cn-hangzhou' });
  onTestFinished(() => smq.close());
  await smq.service.createQueue('dead');
  await smq.service.apply({
    queues: [
      { name: 'q', visibilityTimeout: 60, deadLetter: { queue: 'dead', maxReceiveCount: 2 } },
    ],
  });
  for (const body of bodies) await smq.service.send('q', { body });
  const client = new SmqClient({
    accountId: '1',
    region: 'cn-hangzhou',
    credentials: account,
    env: { SMQ_ENDPOINT: smq.url },
  });
  return { clock, queue: client.queue('q'), left: (name: string) => smq.service.inspect(name) };
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => JSON.stringify({ n }));

it('handles and deletes everything, in batches, until the queue is empty', async () => {
  const { queue, left } = await queueOf(numbers(50));
  const seen: number[] = [];
  const report = await drain(queue, {
    schema,
    log,
    deadline: minute,
    handle: async ({ n }) => void seen.push(n),
  });
  expect(report).toEqual({ received: 50, handled: 50, failed: 0, invalid: 0 });
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(left('q')).toEqual([]);
});

it('keeps up to 16 messages in flight', async () => {
  const { queue } = await queueOf(numbers(20));
  let inFlight = 0;
  let most = 0;
  await drain(queue, {
    schema,
    log,
    deadline: minute,
    async handle() {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
    },
  });
  expect(most).toBe(16);
});

it('leaves a failed and an invalid message, which come back after the visibility timeout and end in the dead-letter queue', async () => {
  const { clock, queue, left } = await queueOf(['{"n":1}', '{"n":"one"}', 'nonsense']);
  const options = {
    schema,
    log,
    deadline: minute,
    handle: () => Promise.reject(new Error('no')),
  };
  const counts = { received: 3, handled: 0, failed: 1, invalid: 2 };
  expect(await drain(queue, options)).toEqual(counts);
  expect(await drain(queue, options)).toMatchObject({ received: 0 });
  await clock.advance(61_000);
  expect(await drain(queue, options)).toEqual(counts);
  await clock.advance(61_000);
  expect(await drain(queue, options)).toMatchObject({ received: 0 });
  expect(left('q')).toEqual([]);
  expect(left('dead').map(({ body }) => body)).toEqual(
    expect.arrayContaining(['{"n":1}', '{"n":"one"}', 'nonsense']),
  );
});

it('receives nothing more once the deadline is within its reserve', async () => {
  const { queue, left } = await queueOf(numbers(40));
  let remaining = 30_000;
  const report = await drain(queue, {
    schema,
    log,
    deadline: { remaining: () => remaining },
    reserveMs: 10_000,
    handle: async () => {
      remaining -= 1_000;
    },
  });
  expect(report).toMatchObject({ received: 32, handled: 32 });
  expect(left('q')).toHaveLength(8);
});

it('still works for a function whose timeout is shorter than the reserve', async () => {
  const { queue } = await queueOf(numbers(1));
  const report = await drain(queue, {
    schema,
    log,
    deadline: { remaining: () => 3_000 },
    handle: async () => {},
  });
  expect(report).toMatchObject({ handled: 1 });
});

it('logs what it leaves with its message id and reason', async () => {
  const { queue } = await queueOf(['nonsense']);
  const lines: string[] = [];
  const logged = createLog({
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  await drain(queue, { schema, log: logged, deadline: minute, handle: async () => {} });
  expect(lines.join('')).toMatch(/"messageId":"[0-9A-F]{32}","dequeueCount":1/);
  expect(lines.join('')).toMatch(/Message body is not JSON/);
});
