import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Credentials } from '#shared/credentials/types';
import { CredentialsError, ServiceError } from '#shared/errors';
import { OssClient, ossClient } from '#shared/oss/client';
import { crc64 } from '#shared/oss/crc64';
import { fakeContext } from '#test/fake-context';
import { OWNER, REGION } from '#test/shared/local-account';
import { BUCKET, localOss } from './local-oss.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('ossClient', () => {
  it('works with the credential of the context, without a word on the console', async () => {
    const { context, server, service } = await localOss();
    vi.stubEnv('OSS_ENDPOINT', server.url);
    const spies = (['warn', 'error', 'log'] as const).map((name) => vi.spyOn(console, name));
    await ossClient(context(), { bucket: BUCKET }).putObject('a.txt', 'hello');
    expect(String(await service.readObject(BUCKET, 'a.txt'))).toBe('hello');
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it('is one client for one credential and bucket, dropped with the credential', () => {
    const credentials = { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' };
    const first = ossClient(fakeContext({ credentials }), { bucket: 'first' });
    const second = ossClient(fakeContext({ credentials }), { bucket: 'second' });
    expect(second).not.toBe(first);
    expect(ossClient(fakeContext({ credentials }), { bucket: 'first' })).toBe(first);
    expect(ossClient(fakeContext({ credentials }), { bucket: 'second' })).toBe(second);
    const changed = { ...credentials, securityToken: 'token 2' };
    expect(ossClient(fakeContext({ credentials: changed }), { bucket: 'first' })).not.toBe(first);
    expect(ossClient(fakeContext({ credentials }), { bucket: 'first' })).not.toBe(first);
  });

  it('says what the context lacks', () => {
    const make = (options: object) => () => ossClient(fakeContext(options), { bucket: BUCKET });
    const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
    expect(make({ credentials })).toThrow(CredentialsError);
    expect(make({ credentials })).toThrow(/^context\.credentials\.securityToken missing/);
    expect(make({ region: undefined })).toThrow(/^context\.region missing/);
    expect(make({ credentials: undefined })).toThrow(/role in s\.yaml/);
  });

  it('refuses a bucket name that cannot be', () => {
    for (const bucket of ['', 'ab', 'Upper', 'a_b', '-a-', 'a/b', 'a'.repeat(64)])
      expect(() => ossClient(fakeContext(), { bucket })).toThrow(
        expect.objectContaining({ name: 'ConfigurationError', code: 'InvalidBucketName' }),
      );
  });
});

describe('putObject', () => {
  const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
  const bodies = {
    'a string': ['text with 中文 and 😀', Buffer.from('text with 中文 and 😀')],
    'a Buffer': [bytes, bytes],
    'a Uint8Array': [new Uint8Array(bytes), bytes],
    'a view into a larger buffer': [
      new Uint8Array(bytes.buffer, bytes.byteOffset + 2, 3),
      bytes.subarray(2, 5),
    ],
    nothing: ['', Buffer.alloc(0)],
  } as const;
  for (const [what, [body, stored]] of Object.entries(bodies)) {
    it(`stores ${what}`, async () => {
      const { client, service } = await localOss();
      const result = await client.putObject('key', body);
      expect(await service.readObject(BUCKET, 'key')).toEqual(Buffer.from(stored));
      expect(result).toEqual({
        eTag: createHash('md5').update(stored).digest('hex').toUpperCase(),
        crc64: crc64(stored),
        requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
      });
    });
  }

  it('never takes a string for the path of a file', async () => {
    const { client, service } = await localOss();
    const path = fileURLToPath(import.meta.url);
    await client.putObject('key', path);
    expect(String(await service.readObject(BUCKET, 'key'))).toBe(path);
  });

  it('stores under keys with any character', async () => {
    const { client } = await localOss();
    for (const key of ['a b+c%2F&?#=.txt', "it's (1)!*~", '中文/😀.txt', 'a//b/', '.hidden']) {
      await client.putObject(key, key);
      expect(String((await client.getObject(key)).body)).toBe(key);
    }
  });

  it('refuses keys that OSS does not take, or that ali-oss would change', async () => {
    const { client } = await localOss();
    for (const key of ['', '/a', '\\a', 'a'.repeat(1024), '中'.repeat(342), 'half \ud83d'])
      for (const attempt of [() => client.putObject(key, 'x'), () => client.deleteObject(key)])
        await expect(attempt()).rejects.toMatchObject({
          name: 'InvalidInputError',
          code: 'InvalidObjectKey',
        });
  });

  it('sends content type, headers and metadata', async () => {
    const { client } = await localOss();
    await client.putObject('key', 'x', {
      contentType: 'text/plain; charset=utf-8',
      headers: { 'Cache-Control': 'no-cache' },
      metadata: { 'order-id': 'A 1' },
    });
    expect(await client.headObject('key')).toMatchObject({
      contentType: 'text/plain; charset=utf-8',
      metadata: { 'order-id': 'A 1' },
      size: 1,
    });
  });

  it('takes the content type from the key when it is not given', async () => {
    const { client } = await localOss();
    await client.putObject('photo.jpg', 'x');
    expect(await client.headObject('photo.jpg')).toMatchObject({ contentType: 'image/jpeg' });
  });

  it('refuses headers that HTTP cannot carry', async () => {
    const { client } = await localOss();
    for (const options of [
      { contentType: 'text/plain\r\nX-Injected: yes' },
      { metadata: { name: '中文' } },
      { metadata: { 'a b': 'x' } },
    ])
      await expect(client.putObject('key', 'x', options)).rejects.toMatchObject({
        name: 'InvalidInputError',
        code: 'InvalidHeader',
      });
  });

  it('replaces an object, and does not when that is forbidden', async () => {
    const { client, service } = await localOss();
    await client.putObject('key', 'first');
    await client.putObject('key', 'second');
    await expect(client.putObject('key', 'third', { forbidOverwrite: true })).rejects.toMatchObject(
      {
        name: 'ServiceError',
        service: 'oss',
        code: 'FileAlreadyExists',
        status: 409,
        retryable: false,
      },
    );
    expect(String(await service.readObject(BUCKET, 'key'))).toBe('second');
  });
});

describe('getObject and headObject', () => {
  it('give content and facts in their types', async () => {
    const { client, clock } = await localOss();
    const stored = await client.putObject('key.bin', Buffer.from([1, 2, 3]));
    const facts = {
      eTag: stored.eTag,
      crc64: stored.crc64,
      size: 3,
      contentType: 'application/octet-stream',
      lastModified: Math.floor(clock.now() / 1000) * 1000,
      metadata: {},
      requestId: expect.any(String),
    };
    expect(await client.headObject('key.bin')).toEqual(facts);
    const object = await client.getObject('key.bin');
    expect(object).toEqual({ ...facts, body: Buffer.from([1, 2, 3]) });
  });

  it('get an empty object', async () => {
    const { client } = await localOss();
    await client.putObject('empty', '');
    expect(await client.getObject('empty')).toMatchObject({ size: 0, body: Buffer.alloc(0) });
  });

  it('unpack content that is stored packed', async () => {
    const { client, service } = await localOss();
    const packed = gzipSync('hello');
    await client.putObject('key', packed, { headers: { 'Content-Encoding': 'gzip' } });
    expect(await service.readObject(BUCKET, 'key')).toEqual(packed);
    const { body, size, crc64: checksum } = await client.getObject('key');
    expect([String(body), size, checksum]).toEqual(['hello', 5, crc64(packed)]);
  });

  it('refuse content that is not packed as it says', async () => {
    const { client } = await localOss();
    await client.putObject('key', 'not gzip', { headers: { 'Content-Encoding': 'gzip' } });
    await expect(client.getObject('key')).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });

  it('name the object that is not there', async () => {
    const { client } = await localOss();
    for (const attempt of [client.getObject('gone'), client.headObject('gone')])
      await expect(attempt).rejects.toMatchObject({
        code: 'NoSuchKey',
        status: 404,
        requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
        message: expect.stringContaining(`object "gone" in bucket "${BUCKET}" failed with 404`),
      });
  });
});

describe('deleteObject and listObjects', () => {
  it('delete an object, and do not mind one that is not there', async () => {
    const { client } = await localOss();
    await client.putObject('key', 'x');
    await client.deleteObject('key');
    await client.deleteObject('key');
    expect(await client.listObjects()).toEqual({ objects: [], prefixes: [] });
  });

  it('list page by page', async () => {
    const { client } = await localOss();
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1', 'c & d']) await client.putObject(key, key);
    const keys = (page: { objects: { key: string }[] }) => page.objects.map(({ key }) => key);
    const first = await client.listObjects({ prefix: 'a/', max: 2 });
    expect(keys(first)).toEqual(['a/1', 'a/2']);
    expect(first.objects[0]).toEqual({
      key: 'a/1',
      size: 3,
      eTag: createHash('md5').update('a/1').digest('hex').toUpperCase(),
      lastModified: expect.any(Number),
    });
    const second = await client.listObjects({ prefix: 'a/', max: 2, token: first.nextToken ?? '' });
    expect(keys(second)).toEqual(['a/3']);
    expect(second.nextToken).toBeUndefined();
    const folders = await client.listObjects({ delimiter: '/' });
    expect(folders.prefixes).toEqual(['a/', 'b/']);
    expect(keys(folders)).toEqual(['c & d']);
    expect(keys(await client.listObjects({ startAfter: 'a/3' }))).toEqual(['b/1', 'c & d']);
    await expect(client.listObjects({ max: 0 })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });
});

describe('credentials', () => {
  it('are asked for before each request, and a changed one is followed', async () => {
    const { env, context } = await localOss();
    const {
      accessKeyId = '',
      accessKeySecret = '',
      securityToken = '',
    } = context().credentials ?? {};
    const given: Credentials[] = [
      OWNER,
      { ...OWNER, accessKeySecret: 'wrong' },
      { accessKeyId, accessKeySecret, securityToken },
    ];
    const credentials = { getCredentials: async () => given.shift() ?? OWNER };
    const client = new OssClient({ bucket: BUCKET, region: REGION, credentials, env });
    await client.putObject('owner', 'x');
    await expect(client.putObject('x', 'x')).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
      remedy: expect.stringContaining('context.credentials'),
    });
    await client.putObject('role', 'x');
    expect(given).toEqual([]);
  });

  it('give the underlying SDK client, the same as long as they are', async () => {
    const { client } = await localOss();
    const sdk = await client.sdk();
    expect(await client.sdk()).toBe(sdk);
    await sdk.put('key', Buffer.from('x'));
    expect(await client.headObject('key')).toMatchObject({ size: 1 });
  });

  it('without a permission give an error that names it', async () => {
    const { context, server } = await localOss({ actions: ['oss:PutObject'] });
    vi.stubEnv('OSS_ENDPOINT', server.url);
    const client = ossClient(context(), { bucket: BUCKET });
    await client.putObject('a/key', 'x');
    const denied = (action: string, resource: string) => ({
      code: 'AccessDenied',
      status: 403,
      retryable: false,
      remedy: `grant ${action} on acs:oss:*:*:${resource} to the function's role in infra/template.yaml`,
    });
    await expect(client.getObject('a/key')).rejects.toMatchObject(
      denied('oss:GetObject', `${BUCKET}/a/key`),
    );
    await expect(client.headObject('a/key')).rejects.toMatchObject(
      denied('oss:GetObject', `${BUCKET}/a/key`),
    );
    await expect(client.listObjects()).rejects.toMatchObject(denied('oss:ListObjects', BUCKET));
  });

  it('expired give an error that points to them', async () => {
    const { context, server, clock } = await localOss();
    vi.stubEnv('OSS_ENDPOINT', server.url);
    const client = ossClient(context(), { bucket: BUCKET });
    await clock.advance(3600_000);
    vi.useFakeTimers({ now: clock.now(), toFake: ['Date'] });
    await expect(client.putObject('key', 'x')).rejects.toMatchObject({
      code: 'SecurityTokenExpired',
      remedy: expect.stringContaining('context.credentials'),
    });
  });

  it('do not stand in an error, its causes included', async () => {
    const { context, server } = await localOss({ actions: ['oss:PutObject'] });
    vi.stubEnv('OSS_ENDPOINT', server.url);
    const ours = context();
    const error = await ossClient(ours, { bucket: BUCKET })
      .getObject('key')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceError);
    const printed = inspect(error, { depth: 20, showHidden: true }).toLowerCase();
    for (const secret of [
      ours.credentials?.accessKeySecret,
      ours.credentials?.securityToken,
      'authorization',
      'oss4-hmac',
    ])
      expect(printed).not.toContain(secret?.toLowerCase());
  });

  it('for a bucket that is not there give an error that says where its name comes from', async () => {
    const { env } = await localOss();
    const client = new OssClient({ bucket: 'gone', region: REGION, credentials: OWNER, env });
    await expect(client.putObject('key', 'x')).rejects.toMatchObject({
      code: 'NoSuchBucket',
      status: 404,
      message: expect.stringMatching(/EC 0015-00000101.*BUCKET_NAME in s\.yaml/),
    });
  });
});
