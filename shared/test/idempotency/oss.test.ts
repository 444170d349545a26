import { DrivenClock } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { AppError, ServiceError } from '#src/errors/errors';
import { ossIdempotency } from '#src/idempotency/oss';
import { OssClient } from '#src/oss/bucket/client';
import { OWNER, REGION } from '#test/local-account';
import { BUCKET, localOss } from '#test/oss/local-oss';
import { proxy } from '#test/oss/proxy';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Upper bound of the difference between the clocks of two instances. */
const SKEW = 5000;

/** Two instances' stores on one bucket. */
async function twoStores() {
  const { client, clock } = await localOss();
  const store = () => ossIdempotency(client, { clock, claimMs: MINUTE, rememberMs: 10 * MINUTE });
  return { clock, client, mine: store(), other: store(), store };
}

it('gives a key to one caller, and its result to every later one', async () => {
  const { mine, other } = await twoStores();
  expect(await mine.claim('order/1')).toEqual({ state: 'claimed', attempt: 1 });
  expect(await other.claim('order/1')).toEqual({ state: 'in-progress' });
  await mine.complete('order/1', { id: 7 });
  expect(await other.claim('order/1')).toEqual({ state: 'completed', result: { id: 7 } });
  expect(await mine.claim('order/1')).toEqual({ state: 'completed', result: { id: 7 } });
  expect(await other.claim('order/2')).toMatchObject({ state: 'claimed' });
});

it('gives a released key again at once, counting the claims', async () => {
  const { mine, other } = await twoStores();
  await mine.claim('k');
  await mine.release('k');
  expect(await other.claim('k')).toEqual({ state: 'claimed', attempt: 2 });
  expect(await mine.claim('k')).toEqual({ state: 'in-progress' });
});

it('gives the key of a crashed caller to exactly one other, once its claim has expired', async () => {
  const { mine, store, clock } = await twoStores();
  await mine.claim('k');
  await clock.advance(MINUTE);
  expect(await store().claim('k')).toEqual({ state: 'in-progress' }); // the clocks may differ
  await clock.advance(6000);
  const claims = await Promise.all(Array.from({ length: 8 }, () => store().claim('k')));
  expect(claims.filter(({ state }) => state === 'claimed')).toEqual([
    { state: 'claimed', attempt: 2 },
  ]);
  expect(claims.filter(({ state }) => state === 'in-progress')).toHaveLength(7);
});

it('recognises its own claim whose answer was lost', async () => {
  const { server, clock } = await localOss();
  let lost = 0;
  const url = await proxy(server.url, async ({ method, request, forward }) => {
    if (method !== 'PUT' || lost++ > 0) return false;
    await forward();
    request.socket.destroy();
    return true;
  });
  const credentials = OWNER;
  const env = { OSS_ENDPOINT: url };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials, env });
  const store = ossIdempotency(client, { clock });
  expect(await store.claim('k')).toEqual({ state: 'claimed', attempt: 1 });
  expect(lost).toBe(2);
  await store.complete('k', 1);
  expect(await store.claim('k')).toEqual({ state: 'completed', result: 1 });
});

it('lets one of many first callers win', async () => {
  const { store } = await twoStores();
  const claims = await Promise.all(Array.from({ length: 8 }, () => store().claim('k')));
  expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
});

it('forgets a completed key after its time, and counts its claims anew', async () => {
  const { mine, other, clock } = await twoStores();
  await mine.claim('k');
  await mine.complete('k');
  await clock.advance(9 * MINUTE);
  expect(await other.claim('k')).toMatchObject({ state: 'completed' });
  await clock.advance(MINUTE);
  expect(await other.claim('k')).toEqual({ state: 'claimed', attempt: 1 });
});

it('refuses to complete or release what it has not claimed', async () => {
  const { mine, other } = await twoStores();
  await mine.claim('k');
  await expect(other.complete('k')).rejects.toMatchObject({ code: 'NotClaimed' });
  await expect(other.release('k')).rejects.toMatchObject({ code: 'NotClaimed' });
});

it('accepts keys of any characters and length', async () => {
  const { mine } = await twoStores();
  for (const key of ['', '..', '/a/../b', '包裹\u0000', 'x'.repeat(10_000)])
    expect(await mine.claim(key)).toMatchObject({ state: 'claimed' });
});

it('reports an invalid record with a clear error', async () => {
  const { mine, client } = await twoStores();
  await mine.claim('k');
  const [object] = (await client.listObjects({ prefix: 'idempotency/' })).objects;
  await client.putObject(object?.key ?? '', 'nonsense');
  await expect(mine.claim('k')).rejects.toMatchObject({
    name: 'AppError', // not the input's fault: a message is not poison because of it
    code: 'InvalidRecord',
    message: expect.stringContaining(object?.key ?? ''),
  });
});

it('gives a key to one of two whose writes have both passed the check for an overwrite', async () => {
  const { client, clock } = await localOss();
  // The case the documentation warns of: at the same moment neither write sees the other.
  let waiting = 2;
  let release = () => {};
  const both = new Promise<void>((resolve) => {
    release = resolve;
  });
  const put = client.putObject.bind(client);
  client.putObject = async (key, body, { forbidOverwrite: _, ...options } = {}) => {
    const stored = await put(key, body, options);
    if (--waiting === 0) release();
    await both;
    return stored;
  };
  const claims = await Promise.all([1, 2].map(() => ossIdempotency(client, { clock }).claim('k')));
  expect(claims.map(({ state }) => state).toSorted()).toEqual(['claimed', 'in-progress']);
});

it('reports a claim that could not be written, and tries a completion seven times', async () => {
  const { mine, client, clock } = await twoStores();
  await mine.claim('k');
  const [object] = (await client.listObjects({ prefix: 'idempotency/' })).objects;
  expect((await client.headObject(object?.key ?? '')).contentType).toBe('application/json');
  let puts = 0;
  client.putObject = () => {
    puts++;
    return Promise.reject(new ServiceError('no', { service: 'oss', code: 'AccessDenied' }));
  };
  await expect(mine.claim('l')).rejects.toMatchObject({ code: 'AccessDenied' });
  expect(puts).toBe(1);
  puts = 0;
  client.putObject = () => {
    puts++;
    return Promise.reject(new ServiceError('no', { service: 'oss', code: 'x', retryable: true }));
  };
  let ended = false;
  const completed = mine.complete('k').catch((error: unknown) => {
    ended = true;
    return error;
  });
  while (!ended) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(100);
  }
  expect(await completed).toMatchObject({ code: 'x' });
  expect(puts).toBe(7);
});

it('remembers no result that it could not read again', async () => {
  const { mine } = await twoStores();
  await mine.claim('k');
  await expect(mine.complete('k', 'x'.repeat(5_000_000))).rejects.toMatchObject({
    code: 'ResultTooLarge',
  });
});

it('holds a claim for 15 minutes, and remembers a completed key for 7 days, by default', async () => {
  const { client } = await twoStores();
  // Not the bucket's clock: requests are signed with its time.
  const clock = new DrivenClock();
  const store = () => ossIdempotency(client, { clock });
  const mine = store();
  await mine.claim('k');
  await clock.advance(15 * MINUTE + SKEW - 1);
  expect(await store().claim('k')).toEqual({ state: 'in-progress' });
  await clock.advance(1);
  const second = store();
  expect(await second.claim('k')).toEqual({ state: 'claimed', attempt: 2 });
  await second.complete('k', 'done');
  await clock.advance(7 * DAY - 1);
  expect(await store().claim('k')).toEqual({ state: 'completed', result: 'done' });
  await clock.advance(1);
  expect(await store().claim('k')).toEqual({ state: 'claimed', attempt: 1 });
});

it('remembers a result whose record has 4 MiB, and none of a byte more', async () => {
  const { mine, other, client } = await twoStores();
  await mine.claim('k');
  const put = client.putObject.bind(client);
  let bytes = 0;
  client.putObject = (key, body, options) => {
    bytes = Buffer.byteLength(body);
    return put(key, body, options);
  };
  await mine.complete('k', '');
  const spare = 4 * 1024 * 1024 - bytes;

  await mine.claim('l');
  await expect(mine.complete('l', 'x'.repeat(spare + 1))).rejects.toMatchObject({
    code: 'ResultTooLarge',
  });
  const result = 'x'.repeat(spare);
  await mine.complete('l', result);
  expect(bytes).toBe(4 * 1024 * 1024);
  expect(await other.claim('l')).toEqual({ state: 'completed', result });
});

it('releases a key once: a completed key cannot be released by a second call', async () => {
  const { mine, other } = await twoStores();
  await mine.claim('k');
  await mine.complete('k', 1);
  await expect(mine.release('k')).rejects.toMatchObject({ code: 'NotClaimed' });
  expect(await other.claim('k')).toEqual({ state: 'completed', result: 1 });
});

it('gives up a key that has been claimed 1,000 times, all without effect', async () => {
  const { mine, client } = await twoStores();
  const record = { state: 'released', owner: 'another', until: 0 };
  await client.putObject('record', JSON.stringify(record));
  const released = await client.getObject('record');
  const asked: string[] = [];
  client.putObject = (key) => {
    asked.push(key);
    return Promise.reject(new AppError('exists', { code: 'FileAlreadyExists' }));
  };
  client.getObject = async () => released;
  await expect(mine.claim('k')).rejects.toMatchObject({ code: 'TooManyClaims' });
  expect(asked).toHaveLength(1000);
  expect(asked[999]).toMatch(/\/1000\.json$/);
});
