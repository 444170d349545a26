import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { describe, expect, it } from 'vitest';
import { OssClient } from '#src/oss/bucket/client';
import { crc64 } from '#src/oss/bucket/crc64';
import type { UploadProgress, UploadSource } from '#src/oss/upload/types';
import { upload } from '#src/oss/upload/upload';
import { REGION } from '#test/local-account';
import { BUCKET, localOss } from '../local-oss.ts';
import type { Exchange } from '../proxy.ts';
import {
  fail,
  LARGE,
  never,
  options,
  PART,
  pieces,
  SMALL,
  slowly,
  throughProxy,
} from './through-proxy.ts';

const SOURCES: Record<string, (bytes: Buffer) => UploadSource> = {
  'a Buffer': (bytes) => bytes,
  'a Uint8Array': (bytes) => new Uint8Array(bytes),
  'a Node stream of pieces': (bytes) => Readable.from(pieces(bytes)),
  'a Node stream of bytes': (bytes) => Readable.from(pieces(bytes), { objectMode: false }),
  'a Node stream that holds all its bytes': (bytes) => new PassThrough().end(bytes),
  'a web stream': (bytes) => ReadableStream.from(pieces(bytes)),
  'an async generator': slowly,
  'a generator': pieces,
};

describe('upload', () => {
  for (const [what, source] of Object.entries(SOURCES)) {
    it(`stores ${what} larger than a part in parts`, async () => {
      const { client, stored, partsSent, left } = await throughProxy(never);
      const result = await upload(client, 'a/大.bin', source(LARGE), options());
      expect((await stored('a/大.bin'))?.equals(LARGE)).toBe(true);
      expect(result).toMatchObject({ size: LARGE.length, crc64: await crc64(LARGE) });
      expect(result.eTag).toMatch(/-4$/);
      expect(partsSent().toSorted()).toEqual([1, 2, 3, 4]);
      expect(await left()).toEqual([]);
    });

    it(`stores ${what} smaller than a part by one put`, async () => {
      const { client, stored, seen } = await throughProxy(never);
      const result = await upload(client, 'small', source(SMALL), options());
      expect(await stored('small')).toEqual(SMALL);
      expect(result).toMatchObject({
        size: 5,
        crc64: await crc64(SMALL),
        eTag: createHash('md5').update(SMALL).digest('hex').toUpperCase(),
      });
      expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([`PUT /${BUCKET}/small`]);
    });
  }

  it.each([0, PART - 1, PART, PART + 1, 2 * PART])('stores %i bytes whole', async (size) => {
    const { client, stored } = await localOss();
    const bytes = LARGE.subarray(0, size);
    const result = await upload(client, 'key', slowly(bytes), options());
    expect((await stored('key'))?.equals(bytes)).toBe(true);
    expect(result).toMatchObject({ size, crc64: await crc64(bytes) });
  });

  it('sends each part with its MD5, and no more at a time than it may', async () => {
    let under = 0;
    let most = 0;
    const { client, seen } = await throughProxy(async (exchange) => {
      if (!exchange.part) return false;
      most = Math.max(most, ++under);
      const { status, headers, body } = await exchange.forward();
      under--;
      exchange.response.writeHead(status, headers).end(body);
      return true;
    });
    await upload(client, 'key', slowly(LARGE), options({ parallel: 2 }));
    expect(most).toBe(2);
    const parts = seen.filter(({ part }) => part);
    for (const { request, body } of parts)
      expect(request.headers['content-md5']).toBe(createHash('md5').update(body).digest('base64'));
    expect(parts).toHaveLength(4);
  });

  it('passes on type, metadata and headers, and reports progress', async () => {
    const { client } = await localOss();
    const progress: UploadProgress[] = [];
    const more = {
      contentType: 'image/png',
      metadata: { source: 'test' },
      onProgress: (now: UploadProgress) => progress.push(now),
    };
    await upload(client, 'key', LARGE, options({ ...more, parallel: 1 }));
    expect(await client.headObject('key')).toMatchObject({
      contentType: 'image/png',
      metadata: { source: 'test' },
    });
    const total = LARGE.length;
    expect(progress).toEqual(
      [PART, 2 * PART, 3 * PART, total].map((uploaded) => ({ uploaded, total })),
    );
  });

  it('signs each part with the current credential', async () => {
    const keys: (string | undefined)[] = [];
    const { role, env } = await throughProxy(({ part, request }) => {
      if (part) keys.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1]);
      return false;
    });
    const issued: string[] = [];
    const credentials = {
      async getCredentials() {
        const { accessKeyId, accessKeySecret, securityToken } = role.credentials(900);
        const credential = { accessKeyId, accessKeySecret, securityToken };
        issued.push(credential.accessKeyId);
        return credential;
      },
    };
    const client = new OssClient({ bucket: BUCKET, region: REGION, credentials, env });
    await upload(client, 'key', LARGE, options());
    expect(new Set(keys).size).toBe(4);
    for (const key of keys) expect(issued).toContain(key);
  });

  it('sends a part again that got a 503 or a reset, or arrived changed', async () => {
    const trouble: Record<number, (exchange: Exchange) => boolean> = {
      1: (exchange) => fail(exchange, 503),
      2: ({ request }) => {
        request.socket.destroy();
        return true;
      },
      3: (exchange) => {
        exchange.body = Buffer.from(exchange.body).fill(0, 5, 9);
        return false;
      },
    };
    const { client, stored, partsSent } = await throughProxy((exchange) => {
      const cause = exchange.part && trouble[exchange.part];
      if (!exchange.part || !cause) return false;
      delete trouble[exchange.part];
      return cause(exchange);
    });
    await upload(client, 'key', LARGE, options());
    expect((await stored('key'))?.equals(LARGE)).toBe(true);
    expect(partsSent().toSorted()).toEqual([1, 1, 2, 2, 3, 3, 4]);
  });
});

it('refuses sizes and keys that OSS does not accept', async () => {
  const { client } = await localOss();
  for (const [key, more] of [
    ['key', { partSize: 1 }],
    ['key', { parallel: 0 }],
    ['/key', {}],
    ['', {}],
  ] as const)
    await expect(upload(client, key, LARGE, more)).rejects.toMatchObject({
      code: expect.stringMatching(/^Invalid(Argument|ObjectKey)$/),
    });
});
