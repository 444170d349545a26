import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { breakOff, oddServer, reply, silentServer } from '#test/odd-server';
import { clientOf, localOss } from '../local-oss.ts';

afterEach(() => void vi.useRealTimers());

const OSS = { 'x-oss-request-id': '5FFF000000000000000000A1', etag: '"1"' };
/** Larger than what a socket takes at once. */
const LARGE = randomBytes(2 * 1024 * 1024);

describe('the client of ali-oss that OssClient returns', () => {
  it('puts a stream whose length it does not know', async () => {
    const { client, stored } = await localOss();
    const { res } = await (await client.sdk()).putStream('key', Readable.from([LARGE, LARGE]));
    expect(res).toMatchObject({ status: 200 });
    expect((await stored('key')).equals(Buffer.concat([LARGE, LARGE]))).toBe(true);
  });

  it('rejects when the stream fails, and stores nothing', async () => {
    const { client } = await localOss();
    const source = new PassThrough();
    source.write('the beginning');
    const outcome = (await client.sdk()).putStream('key', source).catch((error: unknown) => error);
    source.destroy(new Error('source broke'));
    expect(await outcome).toMatchObject({
      status: -1,
      message: expect.stringMatching(/premature close/i),
    });
    expect((await client.listObjects()).objects).toEqual([]);
  });

  it('returns an answer as a stream, and writes one into a stream', async () => {
    const { client } = await localOss();
    await client.putObject('key', LARGE);
    const sdk = await client.sdk();
    const { stream } = await sdk.getStream('key');
    expect((await buffer(stream as Readable)).equals(LARGE)).toBe(true);
    const target = new PassThrough();
    const [content] = await Promise.all([buffer(target), sdk.get('key', target)]);
    expect(content.equals(LARGE)).toBe(true);
  });

  it('rejects when the stream that an answer is written into fails', async () => {
    const { client } = await localOss();
    await client.putObject('key', LARGE);
    const target = new PassThrough();
    target.once('data', () => target.destroy(new Error('disk full')));
    const sdk = await client.sdk();
    await expect(sdk.get('key', target)).rejects.toMatchObject({ status: 200 });
  });

  it('unpacks what is packed, and counts the bytes that came', async () => {
    const packed = gzipSync('text '.repeat(100));
    const url = await oddServer((_request, response) => {
      response.writeHead(200, { ...OSS, 'content-encoding': 'GZIP' }).end(packed);
    });
    const { content, res } = await (await clientOf(url).sdk()).get('key');
    expect(String(content)).toBe('text '.repeat(100));
    expect(res).toMatchObject({ status: 200, size: packed.length, headers: OSS });
  });

  it('sends the bytes of a text, and a quote in a key as ali-oss itself does', async () => {
    const seen: IncomingMessage[] = [];
    const url = await oddServer((request, response) => {
      seen.push(request);
      reply(200, OSS, '')(request, response);
    });
    const sdk = (await clientOf(url).sdk()) as unknown as {
      request(params: object): Promise<unknown>;
    };
    await sdk.request({ method: 'PUT', bucket: 'order-archive', object: "it's", content: '中文' });
    expect(seen[0]?.headers['content-length']).toBe('6');
    expect(seen[0]?.url).toBe('/order-archive/it%27s');
  });

  it('says that an answer broke off, with its status', async () => {
    const url = await oddServer(breakOff(200, OSS));
    const sdk = await clientOf(url).sdk();
    await expect(sdk.get('key')).rejects.toMatchObject({ status: 200 });
  });

  it('takes an answer that comes before the whole body was sent', async () => {
    const url = await oddServer((_request, response) => {
      const body = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>';
      response.writeHead(403, { ...OSS, connection: 'close' }).end(body);
    });
    const outcome = clientOf(url).putObject('key', Buffer.alloc(32 * 1024 * 1024));
    await expect(outcome).rejects.toMatchObject({ service: 'oss' });
  });

  it('gives up after its timeout, and closes the connection', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { url, arrived, answer } = await silentServer();
    const outcome = (await clientOf(url).sdk()).head('key').catch((error: unknown) => error);
    await arrived;
    const closed = new Promise((resolve) => {
      answer((request) => void request.socket.once('close', resolve));
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await outcome).toMatchObject({ name: 'ResponseTimeoutError' });
    await closed;
  });
});
