import { DrivenClock } from 'fc-local/testing';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { checkIn } from '#src/claims/claim-checks';
import { handleBatch } from '#src/consume/handle-batch';
import type { Incoming } from '#src/consume/message';
import { ossQuarantine } from '#src/consume/quarantine';
import { createLog } from '#src/log/log';
import { localOss } from '#test/oss/local-oss';

const schema = z.object({ n: z.number() });
const message = (n: number, body = JSON.stringify({ n })): Incoming => ({
  messageId: `M${n}`,
  source: { kind: 'queue', name: 'q' },
  body,
  userProperties: {},
});
const messages = (count: number) => Array.from({ length: count }, (_, n) => message(n));

/** Options of a batch whose time left the test sets. */
function options(remaining = 60_000) {
  const time = { remaining };
  return {
    time,
    schema,
    clock: new DrivenClock(),
    deadline: { remaining: () => time.remaining },
    log: createLog({ level: 'silent' }),
    handle: async () => {},
  };
}

it('runs 16 handlers at a time by default', async () => {
  let running = 0;
  let most = 0;
  await handleBatch(messages(40), {
    ...options(),
    handle: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    },
  });
  expect(most).toBe(16);
});

it.each([
  [10_001, [0, 1]],
  [10_000, [0]],
])(
  'starts a message with time left before the reserve of 10 seconds: %i ms before the end',
  async (left, expected) => {
    const settings = options();
    const seen: number[] = [];
    const batch = handleBatch(messages(2), {
      ...settings,
      concurrency: 1,
      handle: async ({ n }) => {
        seen.push(n);
        settings.time.remaining = left;
      },
    });
    await batch.catch(() => {});
    expect(seen).toEqual(expected);
  },
);

it('fails when as many messages failed as were not started', async () => {
  const settings = options();
  const batch = handleBatch(messages(2), {
    ...settings,
    concurrency: 1,
    handle: () => {
      settings.time.remaining = 0;
      return Promise.reject(new Error('no'));
    },
  });
  await expect(batch).rejects.toMatchObject({
    code: 'BatchIncomplete',
    message: expect.stringMatching(/^2 of 2 messages/),
  });
});

it('gives the first failure as the cause, whatever has succeeded before', async () => {
  const batch = handleBatch(messages(3), {
    ...options(),
    concurrency: 1,
    handle: async ({ n }) => {
      if (n > 0) throw new Error(`no ${n}`);
    },
  });
  await expect(batch).rejects.toMatchObject({ cause: { message: 'no 1' } });
});

it('frees the room of a payload that has gone to quarantine', async () => {
  const { client: bucket } = await localOss();
  const bodies = await Promise.all(
    [0, 1].map((n) => checkIn(bucket, JSON.stringify({ n: `${n}` }).padEnd(600))),
  );
  const report = await handleBatch(
    bodies.map(({ body }, n) => message(n, body)),
    { ...options(), claims: bucket, maxClaimBytes: 1000, quarantine: ossQuarantine(bucket) },
  );
  expect(report).toEqual({ received: 2, handled: 0, failed: 0, returned: 0, dead: 2 });
});
