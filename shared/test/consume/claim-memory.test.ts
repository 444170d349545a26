import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { checkIn } from '#src/claims/claim-checks';
import { ClaimMemory } from '#src/consume/claim-memory';
import { drain } from '#src/consume/drain';
import { handleBatch } from '#src/consume/handle-batch';
import type { Incoming } from '#src/consume/message';
import { ossQuarantine } from '#src/consume/quarantine';
import { COUNTS, queueOf } from './queue-of.ts';

const MIB = 1024 * 1024;

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

/** Asks for memory and records which requests have it. */
function over(max: number) {
  const memory = new ClaimMemory(max);
  const held = new Map<string, () => void>();
  const take = (name: string, bytes: number, signal = new AbortController().signal) =>
    memory.take(bytes, signal).then((release) => {
      held.set(name, release);
    });
  const release = async (name: string) => {
    held.get(name)?.();
    held.delete(name);
    await turns();
  };
  return { take, release, names: () => [...held.keys()] };
}

it('admits payloads that fit together, in the order they ask', async () => {
  const { take, release, names } = over(10);
  void take('a', 6);
  void take('b', 4);
  void take('c', 5);
  void take('d', 1);
  await turns();
  expect(names()).toEqual(['a', 'b']);
  await release('b');
  expect(names()).toEqual(['a']); // d would fit, but c would wait forever
  await release('a');
  expect(names()).toEqual(['c', 'd']);
});

it('admits a payload larger than the limit when it is alone', async () => {
  const { take, release, names } = over(10);
  void take('a', 1);
  void take('large', 1000);
  void take('b', 1);
  await turns();
  expect(names()).toEqual(['a']);
  await release('a');
  expect(names()).toEqual(['large']);
  await release('large');
  expect(names()).toEqual(['b']);
});

it('frees room once, however often it is released', async () => {
  const memory = new ClaimMemory(10);
  const { signal } = new AbortController();
  const release = await memory.take(10, signal);
  release();
  release();
  await memory.take(10, signal);
  let third = false;
  void memory.take(1, signal).then(() => {
    third = true;
  });
  await turns();
  expect(third).toBe(false);
});

it('ends the wait of a request whose signal has fired, and admits those after it', async () => {
  const { take, names } = over(10);
  void take('a', 6);
  const controller = new AbortController();
  const stopped = take('b', 10, controller.signal);
  void take('c', 4);
  await turns();
  expect(names()).toEqual(['a']);
  controller.abort(new Error('lost'));
  await expect(stopped).rejects.toThrow('lost');
  await turns();
  expect(names()).toEqual(['a', 'c']);
  await expect(take('d', 1, controller.signal)).rejects.toThrow('lost');
});

it('drops none that waits when the signal of one that was let in fires', async () => {
  const { take, release, names } = over(10);
  const controller = new AbortController();
  void take('a', 10, controller.signal);
  void take('b', 10);
  await turns();
  controller.abort(new Error('lost'));
  await release('a');
  expect(names()).toEqual(['b']);
});

it.each([0, -1, 1.5, Number.NaN])('refuses %d bytes', (bytes) => {
  expect(() => new ClaimMemory(bytes)).toThrow(
    expect.objectContaining({ code: 'InvalidArgument' }),
  );
});

/** Returns a queue with claim checks of payloads of that many bytes. */
async function claimsOf(sizes: number[]) {
  const services = await queueOf([]);
  const bodies: string[] = [];
  for (const [n, size] of sizes.entries()) {
    const payload = JSON.stringify({ n }).padEnd(size);
    bodies.push((await checkIn(services.bucket, payload)).body);
  }
  /** Bytes that have been fetched for handlers that are not done. */
  let open = 0;
  let most = 0;
  const getObject = services.bucket.getObject.bind(services.bucket);
  services.bucket.getObject = async (...wanted) => {
    const object = await getObject(...wanted);
    open += object.size;
    most = Math.max(most, open);
    return object;
  };
  return {
    ...services,
    bodies,
    most: () => most,
    handle: async ({ n }: { n: number }) => {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      open -= sizes[n] ?? 0;
    },
  };
}

it('drains claim checks without more than their limit in memory, one larger than that by itself', async () => {
  const sizes = [400, 300, 300, 5000, 400, 200, 400, 1000];
  const { queue, options, bucket, bodies, handle, most, left } = await claimsOf(sizes);
  for (const body of bodies) await queue.send(body);
  await queue.send('{"n":99}');
  const report = await drain(queue, { ...options(), claims: bucket, maxClaimBytes: 1000, handle });
  expect(report).toEqual({ ...COUNTS, received: 9, handled: 9 });
  expect(left()).toEqual([]);
  expect(most()).toBe(5000);
});

it('handles a batch of claim checks within the limit, too', async () => {
  const { options, bucket, bodies, handle, most } = await claimsOf(Array(12).fill(400));
  const messages: Incoming[] = bodies.map((body, n) => ({
    messageId: `M${n}`,
    source: { kind: 'queue', name: 'q' },
    body,
    userProperties: {},
  }));
  const extra = { claims: bucket, maxClaimBytes: 1000, handle };
  expect(await handleBatch(messages, { ...options(), ...extra })).toMatchObject({ handled: 12 });
  expect(most()).toBe(800);
});

it('holds the room of a payload until it is in quarantine, and frees it after any failure', async () => {
  const { queue, options, bucket, bodies, clock } = await claimsOf(Array(6).fill(600));
  for (const body of bodies) await queue.send(body);
  let putting = 0;
  let most = 0;
  const kept = ossQuarantine(bucket);
  const quarantine: typeof kept = {
    async put(entry) {
      most = Math.max(most, ++putting);
      const where = await kept.put(entry);
      putting--;
      return where;
    },
  };
  const settings = { ...options(), claims: bucket, maxClaimBytes: 1000, quarantine };
  const failing = { ...settings, handle: () => Promise.reject(new Error('no')) };
  expect(await drain(queue, failing)).toEqual({ ...COUNTS, received: 6, failed: 6 });
  await clock.advance(5000);
  const report = await drain(queue, { ...failing, maxOwnFailures: 2 });
  expect(report).toEqual({ ...COUNTS, received: 6, dead: 6 });
  expect(most).toBe(1);
});

it('leaves to its next receiver a message whose lease ends while it waits for room', async () => {
  const { queue, options, bucket, bodies, clock, left } = await claimsOf([800, 800]);
  for (const body of bodies) await queue.send(body);
  let finish: (() => void) | undefined;
  const done = drain(queue, {
    ...options(300),
    claims: bucket,
    maxClaimBytes: 1000,
    heartbeat: false,
    handle: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  await until(() => finish !== undefined);
  await clock.advance(60_000);
  finish?.();
  expect(await done).toEqual({ ...COUNTS, received: 2, failed: 2 });
  expect(left()).toHaveLength(2);
});

it('holds payloads of 64 MiB together by default, to the byte', async () => {
  const { bucket, options } = await queueOf([]);
  const asked: number[] = [];
  const give: (() => void)[] = [];
  bucket.getObject = async (_key, { maxBytes = 0 } = {}) => {
    asked.push(maxBytes);
    await new Promise<void>((resolve) => void give.push(resolve));
    throw new Error('no');
  };
  const claim = (size: number) => ({
    claimCheck: { key: 'claims/2026/a', size, crc64: '1', sha256: '0'.repeat(64) },
  });
  const messages: Incoming[] = [32 * MIB, 32 * MIB - 1, 1, 1].map((size, n) => ({
    messageId: `M${n}`,
    source: { kind: 'queue', name: 'q' },
    body: JSON.stringify(claim(size)),
    userProperties: {},
  }));
  const batch = handleBatch(messages, { ...options(), claims: bucket });
  await until(() => asked.length >= 3);
  await turns();
  expect(asked).toEqual([32 * MIB, 32 * MIB - 1, 1]);
  give[2]?.();
  await until(() => asked.length === 4);
  for (const one of give) one();
  await until(() => give.length === 4);
  for (const one of give) one();
  await expect(batch).rejects.toThrow('4 of 4 messages');
});
