import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { describe, expect, it } from 'vitest';
import type { Credentials } from '#shared/credentials/types';
import { OssClient } from '#shared/oss/client';
import { crc64 } from '#shared/oss/crc64';
import {
  abandonUpload,
  type UploadCheckpoint,
  type UploadOptions,
  type UploadProgress,
  type UploadSource,
  upload,
} from '#shared/oss/upload';
import { OWNER, REGION } from '#test/shared/local-account';
import { BUCKET, localOss } from './local-oss.ts';
import { type Exchange, proxy } from './proxy.ts';

const KIB = 1024;
const PART = 100 * KIB;
/** Three parts and a half. */
const LARGE = randomBytes(350 * KIB);
const SMALL = Buffer.from('small');

/** Pieces of no even size, as a network gives them. */
function* pieces(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = ((size * 7) % 70_001) + 1)
    yield bytes.subarray(at, at + size);
}

async function* slowly(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (const piece of pieces(bytes)) yield await Promise.resolve(new Uint8Array(piece));
}

const SOURCES: Record<string, (bytes: Buffer) => UploadSource> = {
  'a Buffer': (bytes) => bytes,
  'a Uint8Array': (bytes) => new Uint8Array(bytes),
  'a Node stream': (bytes) => Readable.from(pieces(bytes)),
  'a web stream': (bytes) => ReadableStream.from(pieces(bytes)),
  'an async generator': slowly,
  'a generator': pieces,
};

/** A local OSS, a client that reaches it through a proxy, and what is left of uploads in it. */
async function behindProxy(
  meddle: (exchange: Exchange) => Promise<boolean | undefined> | boolean | undefined,
  credentials: Credentials = OWNER,
) {
  const oss = await localOss();
  const seen: Exchange[] = [];
  const url = await proxy(oss.server.url, (exchange) => {
    seen.push(exchange);
    return meddle(exchange);
  });
  const env = { OSS_ENDPOINT: url };
  const client = new OssClient({ bucket: BUCKET, region: REGION, credentials, env });
  return {
    ...oss,
    direct: oss.client,
    client,
    env,
    seen,
    partsSent: () => seen.flatMap(({ part }) => part ?? []),
    stored: async (key: string) => oss.service.readObject(BUCKET, key),
    left: async () => (await (await oss.client.sdk()).listUploads({ 'max-uploads': 100 })).uploads,
  };
}

const options = (more: UploadOptions = {}): UploadOptions => ({ partSize: PART, ...more });
const never = (): boolean => false;
const fail = ({ response }: Exchange, status: number): boolean => {
  response.writeHead(status, { 'x-oss-request-id': 'A'.repeat(24) }).end();
  return true;
};

describe('upload', () => {
  for (const [what, source] of Object.entries(SOURCES)) {
    it(`stores ${what} larger than a part in parts`, async () => {
      const { client, stored, partsSent, left } = await behindProxy(never);
      const result = await upload(client, 'a/大.bin', source(LARGE), options());
      expect((await stored('a/大.bin'))?.equals(LARGE)).toBe(true);
      expect(result).toMatchObject({ size: LARGE.length, crc64: crc64(LARGE) });
      expect(result.eTag).toMatch(/-4$/);
      expect(partsSent().toSorted()).toEqual([1, 2, 3, 4]);
      expect(await left()).toEqual([]);
    });

    it(`stores ${what} smaller than a part by one put`, async () => {
      const { client, stored, seen } = await behindProxy(never);
      const result = await upload(client, 'small', source(SMALL), options());
      expect(await stored('small')).toEqual(SMALL);
      expect(result).toMatchObject({
        size: 5,
        crc64: crc64(SMALL),
        eTag: createHash('md5').update(SMALL).digest('hex').toUpperCase(),
      });
      expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([`PUT /${BUCKET}/small`]);
    });
  }

  it.each([0, PART - 1, PART, PART + 1, 2 * PART])('stores %i bytes whole', async (size) => {
    const { client, service } = await localOss();
    const bytes = LARGE.subarray(0, size);
    const result = await upload(client, 'key', slowly(bytes), options());
    expect((await service.readObject(BUCKET, 'key'))?.equals(bytes)).toBe(true);
    expect(result).toMatchObject({ size, crc64: crc64(bytes) });
  });

  it('sends each part with its MD5, and no more at a time than it may', async () => {
    let under = 0;
    let most = 0;
    const { client, seen } = await behindProxy(async (exchange) => {
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

  it('signs each part with the credential of the moment', async () => {
    const keys: (string | undefined)[] = [];
    const { identities, env } = await behindProxy(({ part, request }) => {
      if (part) keys.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1]);
      return false;
    });
    const issued: string[] = [];
    const credentials = {
      async getCredentials() {
        const session = { role: 'function-role', sessionName: 'test', durationSeconds: 900 };
        const { expiration: _, ...credential } = identities.assumeRole(session);
        issued.push(credential.accessKeyId);
        return credential;
      },
    };
    const client = new OssClient({ bucket: BUCKET, region: REGION, credentials, env });
    await upload(client, 'key', LARGE, options());
    expect(new Set(keys).size).toBe(4);
    for (const key of keys) expect(issued).toContain(key);
  });

  it('sends a part again that met a 503, a reset or arrived changed', async () => {
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
    const { client, stored, partsSent } = await behindProxy((exchange) => {
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

describe('a failed upload', () => {
  it('leaves nothing behind and lets go of its source', async () => {
    const { client, direct, left, seen } = await behindProxy(
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

  it('rejects with what its source throws, and leaves nothing behind', async () => {
    const { client, left } = await behindProxy(never);
    async function* broken() {
      yield LARGE;
      throw new Error('the disk is gone');
    }
    await expect(upload(client, 'key', broken(), options())).rejects.toThrow('the disk is gone');
    expect(await left()).toEqual([]);
  });

  it('is aborted only after the parts under way have come to rest', async () => {
    const order: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { client, left } = await behindProxy(async (exchange) => {
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

  it('gives up after three more tries when OSS computes another CRC-64', async () => {
    const { client, left, partsSent } = await behindProxy(async (exchange) => {
      if (exchange.part !== 1) return false;
      const { status, headers, body } = await exchange.forward();
      exchange.response.writeHead(status, { ...headers, 'x-oss-hash-crc64ecma': '1' }).end(body);
      return true;
    });
    await expect(upload(client, 'key', LARGE, options({ parallel: 1 }))).rejects.toMatchObject({
      code: 'ChecksumMismatch',
    });
    expect(partsSent()).toEqual([1, 1, 1, 1]);
    expect(await left()).toEqual([]);
  });

  it('compares the CRC-64 of the whole', async () => {
    const { client } = await behindProxy(async (exchange) => {
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
  ])('does not replace an object that is not to be: %s', async (_, bytes) => {
    const { client, stored, left } = await behindProxy(never);
    await client.putObject('key', 'first');
    await expect(
      upload(client, 'key', bytes, options({ forbidOverwrite: true })),
    ).rejects.toMatchObject({ code: 'FileAlreadyExists' });
    expect(String(await stored('key'))).toBe('first');
    expect(await left()).toEqual([]);
  });

  it('is none when only the answer of the last request got lost', async () => {
    let completed = 0;
    const { client, stored } = await behindProxy(async (exchange) => {
      if (exchange.method !== 'POST' || exchange.url.includes('uploads')) return false;
      if (completed++ > 0) return false;
      await exchange.forward();
      exchange.request.socket.destroy();
      return true;
    });
    const result = await upload(client, 'key', LARGE, options());
    expect(result).toMatchObject({ size: LARGE.length, crc64: crc64(LARGE) });
    expect((await stored('key'))?.equals(LARGE)).toBe(true);
    expect(completed).toBe(2);
  });
});

describe('an AbortSignal', () => {
  it('stops an upload and leaves nothing behind', async () => {
    const stop = new AbortController();
    const { client, direct, left } = await behindProxy(({ part }) => {
      if (part === 2) stop.abort(new Error('lease lost'));
      return false;
    });
    await expect(
      upload(client, 'key', LARGE, options({ signal: stop.signal, parallel: 2 })),
    ).rejects.toThrow('lease lost');
    expect(await left()).toEqual([]);
    expect((await direct.listObjects()).objects).toEqual([]);
  });

  it('stops one whose source hangs', async () => {
    const stop = new AbortController();
    const { client, left } = await behindProxy(({ part }) => {
      if (part === 1) stop.abort();
      return false;
    });
    async function* hanging() {
      yield LARGE.subarray(0, PART);
      await new Promise(() => {});
    }
    await expect(
      upload(client, 'key', hanging(), options({ signal: stop.signal })),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(await left()).toEqual([]);
  });

  it('that has fired already sends nothing', async () => {
    const { client, seen } = await behindProxy(never);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(upload(client, 'key', LARGE, options({ signal }))).rejects.toThrow('too late');
    expect(seen).toEqual([]);
  });
});

describe('a checkpoint', () => {
  /** An upload that failed at part 3, kept as JSON. */
  async function interrupted() {
    let broken = true;
    const oss = await behindProxy((exchange) =>
      broken && exchange.part === 3 ? fail(exchange, 403) : false,
    );
    let kept = '';
    const onCheckpoint = (checkpoint: UploadCheckpoint) => {
      kept = JSON.stringify(checkpoint);
    };
    const attempt = upload(
      oss.client,
      'key',
      slowly(LARGE),
      options({ parallel: 1, onCheckpoint }),
    );
    await expect(attempt).rejects.toThrow('403');
    broken = false;
    oss.seen.length = 0;
    const resumeFrom: UploadCheckpoint = JSON.parse(kept);
    return { ...oss, resumeFrom };
  }

  it('keeps the parts of a failed upload, and the next goes on where it stood', async () => {
    const { client, resumeFrom, left, partsSent, stored } = await interrupted();
    expect(resumeFrom.parts.map(({ number }) => number)).toEqual([1, 2]);
    expect(await left()).toHaveLength(1);
    const result = await upload(client, 'key', slowly(LARGE), { resumeFrom });
    expect(partsSent().toSorted()).toEqual([3, 4]);
    expect(result).toMatchObject({ size: LARGE.length, crc64: crc64(LARGE) });
    expect((await stored('key'))?.equals(LARGE)).toBe(true);
    expect(await left()).toEqual([]);
  });

  it('does not mix two contents: a part that has changed is sent again', async () => {
    const { client, resumeFrom, partsSent, stored } = await interrupted();
    const changed = Buffer.from(LARGE).fill(7, 3, 5);
    await upload(client, 'key', changed, { resumeFrom });
    expect(partsSent().toSorted()).toEqual([1, 3, 4]);
    expect((await stored('key'))?.equals(changed)).toBe(true);
  });

  it('goes with a source that has become shorter, even than a part', async () => {
    const { client, resumeFrom, stored, left } = await interrupted();
    await upload(client, 'key', SMALL, { resumeFrom });
    expect(await stored('key')).toEqual(SMALL);
    expect(await left()).toEqual([]);
  });

  it('can be abandoned, once or twice', async () => {
    const { client, resumeFrom, left } = await interrupted();
    await abandonUpload(client, resumeFrom);
    expect(await left()).toEqual([]);
    await abandonUpload(client, resumeFrom);
    await expect(upload(client, 'key', LARGE, { resumeFrom })).rejects.toMatchObject({
      code: 'NoSuchUpload',
      remedy: expect.stringMatching(/without the checkpoint/),
    });
  });

  it('is refused when it is of another object or not whole', async () => {
    const { client } = await localOss();
    const whole = { bucket: BUCKET, key: 'key', uploadId: 'id', partSize: PART, parts: [] };
    for (const change of [{ key: 'other' }, { bucket: 'other' }, { uploadId: '' }, { parts: [1] }])
      await expect(
        upload(client, 'key', LARGE, {
          resumeFrom: JSON.parse(JSON.stringify({ ...whole, ...change })),
        }),
      ).rejects.toMatchObject({ name: 'InvalidInputError', code: 'InvalidCheckpoint' });
  });
});

it.each([
  ['text', 'InvalidSource'],
  [undefined, 'InvalidSource'],
  [Readable.from(['text']), 'InvalidSource'],
  [42, 'InvalidSource'],
])('refuses the source %s', async (source, code) => {
  const { client } = await localOss();
  await expect(
    upload(client, 'key', source as unknown as UploadSource, options()),
  ).rejects.toMatchObject({ name: 'InvalidInputError', code });
});

it('refuses sizes and keys that OSS does not take', async () => {
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
