import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { OssClient } from '#src/oss/bucket/client';
import { OWNER, REGION } from '#test/local-account';
import { breakOff, oddServer, silentServer } from '#test/odd-server';
import { clientOf, localOss } from '#test/oss/local-oss';
import { type Exchange, proxy } from '#test/oss/proxy';

const CONTENT = randomBytes(300_000);
const FAST = { retries: 2, silenceMs: 2000 };

/** A bucket with one object, and a client whose reads go through a proxy that records their requests. */
async function throughProxy(
  meddle: (
    reads: Exchange[],
    exchange: Exchange,
  ) => Promise<boolean | undefined> | boolean | undefined,
) {
  const oss = await localOss();
  await oss.client.putObject('key', CONTENT);
  const reads: Exchange[] = [];
  const url = await proxy(oss.server.url, (exchange) => {
    reads.push(exchange);
    return meddle(reads, exchange);
  });
  const client = new OssClient({
    bucket: oss.client.bucket,
    region: REGION,
    credentials: OWNER,
    env: { OSS_ENDPOINT: url },
  });
  const headers = () => reads.map(({ request }) => request.headers);
  return { oss, client, headers };
}

/** Sends the head and that many bytes of an answer, then breaks the connection. */
async function cutAt(bytes: number, { forward, response }: Exchange): Promise<boolean> {
  const { status, headers, body } = await forward();
  response.writeHead(status, headers).write(body.subarray(0, bytes), () => response.destroy());
  return true;
}

it('returns the content as it comes, with the object’s properties', async () => {
  const { client } = await localOss();
  const { crc64, eTag } = await client.putObject('key', CONTENT, { contentType: 'image/png' });
  const { body, ...info } = await client.getObjectStream('key');
  expect(info).toMatchObject({ size: CONTENT.length, crc64, eTag, contentType: 'image/png' });
  expect((await buffer(body)).equals(CONTENT)).toBe(true);
});

it.each([
  ['a range', { start: 10, end: 19 }, [10, 20]],
  ['a range to the end', { start: 299_990 }, [299_990, 300_000]],
  ['a range of the whole', { start: 0, end: 299_999 }, [0, 300_000]],
] as const)('gives %s, and the size of the whole', async (_, range, [from, to]) => {
  const { client } = await localOss();
  await client.putObject('key', CONTENT);
  const { body, size } = await client.getObjectStream('key', { range });
  expect(size).toBe(CONTENT.length);
  expect((await buffer(body)).equals(CONTENT.subarray(from, to))).toBe(true);
});

it.each([{ start: 299_999, end: 400_000 }, { start: 300_000 }])(
  'refuses %j, which OSS would answer with the whole object',
  async (range) => {
    const { client } = await localOss();
    await client.putObject('key', CONTENT);
    await expect(client.getObjectStream('key', { range })).rejects.toMatchObject({
      code: 'InvalidRange',
      message: expect.stringContaining('300000 bytes'),
    });
  },
);

it('gives an empty object', async () => {
  const { client } = await localOss();
  await client.putObject('empty', '');
  const { body, size } = await client.getObjectStream('empty');
  expect([size, (await buffer(body)).length]).toEqual([0, 0]);
});

it.each([
  ['NoSuchKey', 'gone', {}],
  ['PreconditionFailed', 'key', { ifMatch: 'F'.repeat(32) }],
])('reports %s in OSS’s own words', async (code, key, options) => {
  const { client } = await localOss();
  await client.putObject('key', CONTENT);
  await expect(client.getObjectStream(key, options)).rejects.toMatchObject({
    code,
    requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
    retryable: false,
  });
});

it('is refused without permission, with the action to grant', async () => {
  const { client: owner, context, env } = await localOss({ actions: ['oss:PutObject'] });
  await owner.putObject('key', CONTENT);
  const { credentials, region = '' } = context();
  const client = new OssClient({
    bucket: owner.bucket,
    region,
    credentials: credentials as { accessKeyId: string; accessKeySecret: string },
    env,
  });
  await expect(client.getObjectStream('key')).rejects.toMatchObject({
    code: 'AccessDenied',
    remedy: expect.stringContaining('oss:GetObject'),
  });
});

it('continues where a connection broke, however often, if a byte came in between', async () => {
  const { client, headers } = await throughProxy((reads, exchange) =>
    reads.length <= 4 ? cutAt(60_000, exchange) : undefined,
  );
  const { body, eTag } = await client.getObjectStream('key', FAST);
  expect((await buffer(body)).equals(CONTENT)).toBe(true);
  const asked = headers();
  expect(asked).toHaveLength(5);
  expect(asked[0]?.range).toBeUndefined();
  for (const { range, 'if-match': match } of asked.slice(1)) {
    expect(range).toMatch(/^bytes=[1-9]\d*-299999$/);
    expect(match).toBe(`"${eTag}"`);
  }
});

it('gives up when nothing more comes, after as many tries as allowed', async () => {
  const { client, headers } = await throughProxy((reads, exchange) =>
    cutAt(reads.length === 1 ? 1000 : 0, exchange),
  );
  const { body } = await client.getObjectStream('key', FAST);
  await expect(buffer(body)).rejects.toMatchObject({ service: 'oss', retryable: true });
  expect(headers()).toHaveLength(1 + FAST.retries);
});

it('does not put two objects together when it was replaced meanwhile', async () => {
  const { client, oss } = await throughProxy(async (reads, exchange) => {
    if (reads.length > 1) return undefined;
    await cutAt(1000, exchange);
    await oss.client.putObject('key', 'other');
    return true;
  });
  const { body } = await client.getObjectStream('key', FAST);
  await expect(buffer(body)).rejects.toMatchObject({ code: 'PreconditionFailed' });
});

it('detects a byte that changed in transit', async () => {
  const { client } = await throughProxy(async (_reads, { forward, response }) => {
    const { status, headers, body } = await forward();
    body.writeUInt8((body.readUInt8(7) + 1) % 256, 7);
    response.writeHead(status, headers).end(body);
    return true;
  });
  const { body } = await client.getObjectStream('key', FAST);
  await expect(buffer(body)).rejects.toMatchObject({ code: 'ChecksumMismatch' });
});

it('limits silence, not length: content that trickles in is read to its end', async () => {
  const { client } = await throughProxy(async (_reads, { forward, response }) => {
    const { status, headers, body } = await forward();
    response.writeHead(status, headers);
    const STEP = 30_000;
    for (let at = 0; at < body.length; at += STEP) {
      response.write(body.subarray(at, at + STEP));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    response.end();
    return true;
  });
  const { body } = await client.getObjectStream('key', { silenceMs: 400, retries: 0 });
  expect((await buffer(body)).equals(CONTENT)).toBe(true);
});

it.each([
  ['before the answer', async () => (await silentServer()).url],
  [
    'in the middle of it',
    async () =>
      oddServer((_request, response) => {
        const head = { 'x-oss-request-id': '0'.repeat(24), etag: '"A"', 'content-length': '100' };
        response.writeHead(200, head).write('beginning');
      }),
  ],
])('gives up on silence %s', async (_, server) => {
  const client = clientOf(await server());
  const read = async () => {
    const { body } = await client.getObjectStream('key', { silenceMs: 50, retries: 0 });
    return buffer(body);
  };
  await expect(read()).rejects.toMatchObject({ code: 'RequestTimeout', retryable: true });
});

it.each(['before the answer', 'in the middle of it'])(
  'ends when its signal fires %s',
  async (when) => {
    const stop = new AbortController();
    const held: ServerResponse[] = [];
    const url = await oddServer((_request, response) => {
      held.push(response);
      if (when === 'before the answer') return stop.abort(new Error('enough'));
      const head = { 'x-oss-request-id': '0'.repeat(24), etag: '"A"', 'content-length': '100' };
      response.writeHead(200, head).write('beginning');
    });
    const read = async () => {
      const { body } = await clientOf(url).getObjectStream('key', { signal: stop.signal });
      body.once('data', () => stop.abort(new Error('enough')));
      return buffer(body);
    };
    await expect(read()).rejects.toThrow('enough');
    expect(held).toHaveLength(1);
  },
);

it('releases the connection of a stream that is not read', async () => {
  let closed = () => {};
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const url = await oddServer((_request, response) => {
    response.once('close', closed);
    const head = { 'x-oss-request-id': '0'.repeat(24), etag: '"A"', 'content-length': '100' };
    response.writeHead(200, head).write('beginning');
  });
  const { body } = await clientOf(url).getObjectStream('key');
  body.destroy();
  await isClosed;
});

it.each([
  ['breaks off', breakOff(200, { 'x-oss-request-id': '0'.repeat(24) })],
  [
    'is another server',
    (_request: unknown, response: ServerResponse) => void response.end('hello'),
  ],
])('is a ServiceError where the answer %s', async (_, answer) => {
  const url = await oddServer(answer);
  await expect(clientOf(url).getObjectStream('key', { retries: 0 })).rejects.toMatchObject({
    name: 'ServiceError',
    code: 'UnexpectedAnswer',
  });
});

it.each([
  { range: { start: 5, end: 4 } },
  { range: { start: -1 } },
  { silenceMs: 0 },
  { ifMatch: 'a"b' },
])('refuses %j', async (options) => {
  const { client } = await localOss();
  await expect(client.getObjectStream('key', options)).rejects.toMatchObject({
    code: 'InvalidArgument',
  });
});
