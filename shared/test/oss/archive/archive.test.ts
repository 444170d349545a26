import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Clock } from '#src/clock/clock';
import { createLog } from '#src/log/log';
import { type ArchiveOptions, archiveObjects } from '#src/oss/archive/archive';
import type { ArchiveEvent } from '#src/oss/archive/event';
import { OssClient } from '#src/oss/bucket/client';
import { OWNER, REGION } from '#test/local-account';
import { BUCKET, localOss } from '#test/oss/local-oss';
import { type Exchange, proxy } from '#test/oss/proxy';
import { unzipped } from './unzip.ts';

const PART = 100 * 1024;
const OUTPUT = 'archives/a.zip';
const ORDER: ArchiveEvent = { prefix: 'in/', output: OUTPUT };

type Meddle = (
  exchange: Exchange,
  timeIsUp: () => void,
) => Promise<boolean | undefined> | boolean | undefined;

/** A bucket with objects, accessed through a proxy, and runs that end when a test says so. */
async function archiver(contents: Record<string, Buffer>) {
  const oss = await localOss();
  for (const [key, content] of Object.entries(contents)) await oss.client.putObject(key, content);
  let meddle: Meddle = () => undefined;
  let timeIsUp = () => {};
  const clock: Clock = {
    now: () => Date.now(),
    after(_ms, run) {
      timeIsUp = run;
      return { cancel() {} };
    },
  };
  const url = await proxy(oss.server.url, (exchange) => meddle(exchange, () => timeIsUp()));
  const env = { OSS_ENDPOINT: url };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials: OWNER, env });
  let requests = 0;
  return {
    ...oss,
    /** Performs one run; `onRequest` sees its requests to OSS. */
    run(
      event: ArchiveEvent,
      options: Partial<ArchiveOptions> = {},
      onRequest: Meddle = () => undefined,
    ) {
      meddle = onRequest;
      return archiveObjects(client, event, {
        inputPrefix: 'in/',
        outputPrefix: 'archives/',
        maxRuns: 20,
        partSize: PART,
        deadline: { remaining: () => 60_000 },
        invocation: { requestId: `request ${requests++}` },
        log: createLog({ level: 'silent' }),
        clock,
        ...options,
      });
    },
    zip: async () => unzipped(await oss.stored(OUTPUT)),
  };
}

const entry = (name: string, content: Buffer) => ({
  name,
  size: content.length,
  crc32: crc32(content),
});

/** Objects of sizes around a part's. */
const CONTENTS: Record<string, Buffer> = {
  'in/1-empty': Buffer.alloc(0),
  'in/2-small.txt': Buffer.from('hello'),
  'in/3-large.bin': randomBytes(3.3 * PART),
  'in/4/part.bin': randomBytes(PART),
  'in/5/ü 包裹': randomBytes(1000),
};
const ENTRIES = Object.entries(CONTENTS).map(([key, content]) => entry(key, content));

it('makes a zip of all objects under a prefix, and of no others', async () => {
  const other = { 'other/x': Buffer.from('x'), 'in/folder/': Buffer.alloc(0) };
  const { run, zip, stored } = await archiver({ ...CONTENTS, ...other });
  const outcome = await run(ORDER);
  const { length: size } = await stored(OUTPUT);
  expect(outcome).toEqual({ state: 'archived', output: OUTPUT, objects: 5, size, skipped: [] });
  expect(await zip()).toEqual(ENTRIES);
});

it('makes a zip of the keys given, each once, and reports one that is not there', async () => {
  const { run, zip } = await archiver(CONTENTS);
  const keys = ['in/2-small.txt', 'in/gone', 'in/2-small.txt', 'in/1-empty'];
  expect(await run({ keys, output: OUTPUT })).toMatchObject({
    objects: 2,
    skipped: [{ key: 'in/gone', code: 'NoSuchKey' }],
  });
  expect((await zip()).map(({ name }) => name)).toEqual(['in/2-small.txt', 'in/1-empty']);
});

it('makes an empty zip of nothing', async () => {
  const { run, zip } = await archiver({});
  expect(await run(ORDER)).toMatchObject({ state: 'archived', objects: 0 });
  await expect(zip()).rejects.toThrow(/unzip/); // Empty for python; unzip says so and fails.
});

it.each([1, 3, 4])(
  'continues in further runs, wherever time was up: after part %i and each further one',
  async (part) => {
    const { run, zip, cloud } = await archiver(CONTENTS);
    let next: ArchiveEvent = ORDER;
    let runs = 0;
    for (let state = ''; state !== 'archived'; runs++) {
      const at = runs === 0 ? part : part + runs;
      const outcome = await run(next, {}, async (exchange, timeIsUp) => {
        if (exchange.part !== at) return undefined;
        const { status, headers, body } = await exchange.forward();
        timeIsUp();
        exchange.response.writeHead(status, headers).end(body);
        return true;
      });
      state = outcome.state;
      if (outcome.state === 'unfinished') {
        expect(outcome.bytes % PART).toBe(0);
        next = outcome.next;
      }
    }
    expect(runs).toBeGreaterThan(1);
    expect(await zip()).toEqual(ENTRIES);
    expect(cloud.bucket(BUCKET).uploads()).toEqual([]);
  },
);

it('gives the same bytes in many runs as in one', async () => {
  const one = await archiver(CONTENTS);
  await one.run(ORDER);
  const many = await archiver(CONTENTS);
  let next: ArchiveEvent = ORDER;
  for (let state = ''; state !== 'archived'; ) {
    let parts = 0;
    const outcome = await many.run(next, {}, (exchange, timeIsUp) => {
      if (exchange.part !== undefined && ++parts === 2) timeIsUp();
      return undefined;
    });
    state = outcome.state;
    if (outcome.state === 'unfinished') next = outcome.next;
  }
  const [first, second] = [await one.stored(OUTPUT), await many.stored(OUTPUT)];
  expect(first.length).toBe(second.length);
  expect(unzipped(first)).toEqual(unzipped(second));
});

it('also hands over when time is up before the first part', async () => {
  const { run, zip } = await archiver(CONTENTS);
  const outcome = await run(ORDER, {}, ({ method, url }, timeIsUp) => {
    if (method === 'GET' && url.includes('3-large')) timeIsUp();
    return undefined;
  });
  expect(outcome).toMatchObject({ state: 'unfinished', bytes: 0, next: { run: 2 } });
  if (outcome.state !== 'unfinished') return;
  expect(await run(outcome.next)).toMatchObject({ state: 'archived' });
  expect(await zip()).toEqual(ENTRIES);
});

it('fails after maxRuns, and leaves no parts', async () => {
  const { run, cloud } = await archiver(CONTENTS);
  const stop: Meddle = ({ part }, timeIsUp) => {
    if (part !== undefined) timeIsUp();
    return undefined;
  };
  const outcome = await run(ORDER, { maxRuns: 2 }, stop);
  if (outcome.state !== 'unfinished') throw new Error(outcome.state);
  expect(cloud.bucket(BUCKET).uploads()).toHaveLength(1);
  await expect(run(outcome.next, { maxRuns: 2 }, stop)).rejects.toMatchObject({
    code: 'TooManyRuns',
  });
  expect(cloud.bucket(BUCKET).uploads()).toEqual([]);
  expect(cloud.bucket(BUCKET).keys('archives/')).toEqual([]);
});

it('leaves out objects deleted or replaced before they are read, and reports them', async () => {
  const { run, zip, client } = await archiver(CONTENTS);
  const outcome = await run(ORDER, {}, async ({ method, url }) => {
    if (method !== 'GET' || !url.includes('2-small')) return undefined;
    await client.deleteObject('in/4/part.bin');
    await client.putObject('in/5/ü 包裹', 'other');
    return undefined;
  });
  expect(outcome).toMatchObject({
    objects: 3,
    skipped: [
      { key: 'in/4/part.bin', code: 'NoSuchKey' },
      { key: 'in/5/ü 包裹', code: 'PreconditionFailed' },
    ],
  });
  expect(await zip()).toEqual(ENTRIES.slice(0, 3));
});

it('leaves out an object replaced between two runs that split it, and the zip stays valid', async () => {
  // More parts than are sent at a time: those that are on their way when time is up are kept.
  const large = { 'in/3-large.bin': randomBytes(9.3 * PART) };
  const { run, zip, client } = await archiver({ ...CONTENTS, ...large });
  const first = await run(ORDER, {}, ({ part }, timeIsUp) => {
    if (part === 2) timeIsUp();
    return undefined;
  });
  if (first.state !== 'unfinished') throw new Error(first.state);
  await client.putObject('in/3-large.bin', 'other');
  expect(await run(first.next)).toMatchObject({
    state: 'archived',
    skipped: [{ key: 'in/3-large.bin', code: 'PreconditionFailed' }],
  });
  expect(await zip()).toEqual(ENTRIES.filter(({ name }) => name !== 'in/3-large.bin'));
});

it('does nothing for an event that comes again, whatever became of the first', async () => {
  const { run, zip } = await archiver(CONTENTS);
  const invocation = { requestId: 'one request' };
  const first = await run(ORDER, { invocation }, ({ part }, timeIsUp) => {
    if (part === 2) timeIsUp();
    return undefined;
  });
  if (first.state !== 'unfinished') throw new Error(first.state);
  expect(await run(ORDER, { invocation })).toEqual({ state: 'duplicate' });
  // A retry of an invocation that ended before it had the next one invoked.
  const retry = { ...invocation, retryCount: 1 };
  expect(await run(ORDER, { invocation: retry })).toMatchObject({
    state: 'unfinished',
    next: first.next,
  });
  const outcomes = await Promise.all([run(first.next), run(first.next)]);
  for (const { state } of outcomes) expect(state).toMatch(/^archived/);
  expect(await run(first.next)).toEqual({ state: 'archived-before', output: OUTPUT });
  expect(await zip()).toEqual(ENTRIES);
});

it('returns the zip of a duplicate that has completed the shared upload', async () => {
  const { run, zip } = await archiver(CONTENTS);
  const first = await run(ORDER, {}, ({ part }, timeIsUp) => {
    if (part === 2) timeIsUp();
    return undefined;
  });
  if (first.state !== 'unfinished') throw new Error(first.state);
  const gone = '<Error><Code>NoSuchUpload</Code><RequestId>1</RequestId></Error>';
  let double: Promise<unknown> | undefined;
  const outcome = await run(first.next, {}, ({ part, response }) => {
    if (part === undefined || double) return undefined;
    double = run(first.next);
    void double.then(() => response.writeHead(404).end(gone));
    return true;
  });
  expect(await double).toMatchObject({ state: 'archived' });
  expect(outcome).toEqual({ state: 'archived-before', output: OUTPUT });
  expect(await zip()).toEqual(ENTRIES);
});

it('recognises the zip of the same objects, and makes another when one has changed', async () => {
  const { run, client, zip } = await archiver({ 'in/1': Buffer.from('1') });
  await run(ORDER);
  expect(await run(ORDER)).toEqual({ state: 'archived-before', output: OUTPUT });
  await client.putObject('in/1', 'changed');
  expect(await run(ORDER)).toMatchObject({ state: 'archived', objects: 1 });
  expect(await zip()).toEqual([entry('in/1', Buffer.from('changed'))]);
});

it('fails without permission rather than leave an object out, and leaves no parts', async () => {
  const { run, cloud } = await archiver(CONTENTS);
  const refused = '<Error><Code>AccessDenied</Code><RequestId>1</RequestId></Error>';
  await expect(
    run(ORDER, {}, ({ method, url, response }) => {
      if (method !== 'GET' || !url.includes('/in/4/part.bin')) return undefined;
      response.writeHead(403).end(refused);
      return true;
    }),
  ).rejects.toMatchObject({ code: 'AccessDenied' });
  expect(cloud.bucket(BUCKET).uploads()).toEqual([]);
});

it.each([
  ['a zip among what it holds', { prefix: 'in/', output: 'in/a.zip' }, 'KeyNotAllowed'],
  ['a prefix beside the input', { prefix: 'i', output: OUTPUT }, 'KeyNotAllowed'],
  ['no prefix at all', { prefix: '', output: OUTPUT }, 'KeyNotAllowed'],
  ['a key beside the input', { keys: ['in/1', 'secret'], output: OUTPUT }, 'KeyNotAllowed'],
  ['an output beside its prefix', { prefix: 'in/', output: 'other/a.zip' }, 'KeyNotAllowed'],
  ['an output without a name', { prefix: 'in/', output: 'archives/' }, 'KeyNotAllowed'],
])('refuses %s', async (_, order, code) => {
  const { run } = await archiver({});
  await expect(run(order)).rejects.toMatchObject({ code, name: 'InvalidInputError' });
});

it('refuses an output that the prefix begins, whatever the function may read', async () => {
  const { run } = await archiver({});
  const everything = { inputPrefix: '', outputPrefix: '' };
  await expect(run({ prefix: 'a', output: 'a.zip' }, everything)).rejects.toMatchObject({
    code: 'OutputLoops',
  });
  await expect(run({ keys: ['a.zip'], output: 'a.zip' }, everything)).rejects.toMatchObject({
    code: 'OutputLoops',
  });
});
