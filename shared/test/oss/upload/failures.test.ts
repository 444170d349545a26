import * as fs from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OssClient } from '#src/oss/bucket/client';
import { crc64 } from '#src/oss/bucket/crc64';
import type { UploadCheckpoint, UploadOptions } from '#src/oss/upload/types';
import { upload } from '#src/oss/upload/upload';
import { REGION } from '#test/local-account';
import { BUCKET, localOss } from '../local-oss.ts';
import type { Exchange } from '../proxy.ts';
import { fail, LARGE, never, options, pieces, SMALL, throughProxy } from './through-proxy.ts';

describe('a failed upload', () => {
  it('leaves nothing and releases its source', async () => {
    const { client, direct, left, seen } = await throughProxy(
      (exchange) => exchange.part === 2 && fail(exchange, 403),
    );
    const source = Readable.from(pieces(LARGE));
    await expect(upload(client, 'key', source, options())).rejects.toMatchObject({
      name: 'ServiceError',
      status: 403,
    });
    expect(await left()).toEqual([]);
    expect((await direct.listObjects()).objects).toEqual([]);
    expect(source.destroyed).toBe(true);
    expect(seen.at(-1)?.method).toBe('DELETE');
  });

  it.each<[string, string, UploadOptions]>([
    ['key', '', {}],
    ['part size', 'key', { partSize: 1 }],
    ['header', 'key', { headers: { 'x-oss-a': 'two\nlines' } }],
    ['checkpoint', 'key', { resumeFrom: {} as UploadCheckpoint }],
    ['signal that has fired', 'key', { signal: AbortSignal.abort() }],
  ])('releases its source when it refuses its %s', async (_, key, wrong) => {
    const { client } = await throughProxy(never);
    const source = fs.createReadStream(process.execPath);
    await expect(upload(client, key, source, wrong)).rejects.toThrow();
    expect(source.destroyed).toBe(true);
  });

  it('rejects with what its source throws, and leaves nothing', async () => {
    const { client, left } = await throughProxy(never);
    async function* broken() {
      yield LARGE;
      throw new Error('the disk is gone');
    }
    await expect(upload(client, 'key', broken(), options())).rejects.toThrow('the disk is gone');
    expect(await left()).toEqual([]);
  });

  it('is aborted only after the parts in progress have ended', async () => {
    const order: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { client, left } = await throughProxy(async (exchange) => {
      if (exchange.method === 'DELETE') order.push('abort');
      if (exchange.part === 2) {
        setImmediate(release);
        return fail(exchange, 403);
      }
      if (exchange.part !== 1) return false;
      await held;
      const { status, headers, body } = await exchange.forward();
      order.push('part 1');
      exchange.response.writeHead(status, headers).end(body);
      return true;
    });
    await expect(upload(client, 'key', LARGE, options())).rejects.toThrow('403');
    expect(order).toEqual(['part 1', 'abort']);
    expect(await left()).toEqual([]);
  });

  it('gives up after four more tries when OSS computes another CRC-64', async () => {
    const { client, left, partsSent } = await throughProxy(async (exchange) => {
      if (exchange.part !== 1) return false;
      const { status, headers, body } = await exchange.forward();
      exchange.response.writeHead(status, { ...headers, 'x-oss-hash-crc64ecma': '1' }).end(body);
      return true;
    });
    await expect(upload(client, 'key', LARGE, options({ parallel: 1 }))).rejects.toMatchObject({
      code: 'ChecksumMismatch',
    });
    expect(partsSent()).toEqual([1, 1, 1, 1, 1]);
    expect(await left()).toEqual([]);
  });

  it('compares the CRC-64 of the whole', async () => {
    const { client } = await throughProxy(async (exchange) => {
      if (exchange.method !== 'POST' || exchange.url.includes('uploads')) return false;
      const { status, headers, body } = await exchange.forward();
      exchange.response.writeHead(status, { ...headers, 'x-oss-hash-crc64ecma': '1' }).end(body);
      return true;
    });
    await expect(upload(client, 'key', LARGE, options())).rejects.toThrow(/CRC-64 differs/);
  });

  it('names both failures when even the abort is refused', async () => {
    const { server, context } = await localOss({ actions: ['oss:PutObject'] });
    const {
      accessKeyId = '',
      accessKeySecret = '',
      securityToken = '',
    } = context().credentials ?? {};
    const credentials = { accessKeyId, accessKeySecret, securityToken };
    const env = { OSS_ENDPOINT: server.url };
    const client = new OssClient({ bucket: BUCKET, region: REGION, credentials, env });
    async function* broken() {
      yield LARGE;
      throw new Error('the disk is gone');
    }
    await expect(upload(client, 'key', broken(), options())).rejects.toMatchObject({
      code: 'UploadLeftBehind',
      message: expect.stringMatching(
        /the disk is gone.*403 AccessDenied.*oss:AbortMultipartUpload/,
      ),
    });
  });

  it.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('does not replace an object with forbidOverwrite: %s', async (_, bytes) => {
    const { client, stored, left } = await throughProxy(never);
    await client.putObject('key', 'first');
    await expect(
      upload(client, 'key', bytes, options({ forbidOverwrite: true })),
    ).rejects.toMatchObject({ code: 'FileAlreadyExists' });
    expect(String(await stored('key'))).toBe('first');
    expect(await left()).toEqual([]);
  });

  it('counts as success when only the answer of the last request was lost', async () => {
    let completed = 0;
    const { client, stored } = await throughProxy(async (exchange) => {
      if (exchange.method !== 'POST' || exchange.url.includes('uploads')) return false;
      if (completed++ > 0) return false;
      await exchange.forward();
      exchange.request.socket.destroy();
      return true;
    });
    const result = await upload(client, 'key', LARGE, options());
    expect(result).toMatchObject({ size: LARGE.length, crc64: await crc64(LARGE) });
    expect((await stored('key'))?.equals(LARGE)).toBe(true);
    expect(completed).toBe(2);
  });

  it.each([
    ['small', SMALL],
    ['large', LARGE],
  ])(
    'is none when the answer got lost and the object is not to be replaced: %s',
    async (_, bytes) => {
      let lost = 0;
      const { client, stored, left } = await throughProxy(async (exchange) => {
        const last =
          exchange.method === 'PUT' ? exchange.part === undefined : isCompletion(exchange);
        if (!last || lost++ > 0) return false;
        await exchange.forward();
        exchange.request.socket.destroy();
        return true;
      });
      const result = await upload(client, 'key', bytes, options({ forbidOverwrite: true }));
      expect(result).toMatchObject({ size: bytes.length, crc64: await crc64(bytes) });
      expect((await stored('key'))?.equals(bytes)).toBe(true);
      expect(lost).toBe(2);
      expect(await left()).toEqual([]);
    },
  );

  it('counts as success when another upload has stored the same bytes meanwhile, and leaves no parts', async () => {
    const { client, direct, left } = await throughProxy(async (exchange) => {
      if (isCompletion(exchange)) await upload(direct, 'key', LARGE, options());
      return false;
    });
    const result = await upload(client, 'key', LARGE, options({ forbidOverwrite: true }));
    expect(result).toMatchObject({ size: LARGE.length, crc64: await crc64(LARGE) });
    expect(await left()).toEqual([]);
  });
});

function isCompletion({ method, url }: Exchange): boolean {
  return method === 'POST' && !url.includes('uploads');
}
