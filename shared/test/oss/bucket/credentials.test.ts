import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Credentials } from '#src/auth/credentials';
import { CredentialsError, ServiceError } from '#src/errors/errors';
import { OssClient, ossClient } from '#src/oss/bucket/client';
import { fakeContext } from '#test/fake-context';
import { OWNER, REGION } from '#test/local-account';
import { BUCKET, localOss } from '../local-oss.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('ossClient', () => {
  it('works with the credential of the context, and prints nothing on the console', async () => {
    const { context, server, stored } = await localOss();
    vi.stubEnv('OSS_ENDPOINT', server.url);
    const spies = (['warn', 'error', 'log'] as const).map((name) => vi.spyOn(console, name));
    await ossClient(context(), { bucket: BUCKET }).putObject('a.txt', 'hello');
    expect(String(await stored('a.txt'))).toBe('hello');
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

  it('refuses an invalid bucket name', () => {
    for (const bucket of ['', 'ab', 'Upper', 'a_b', '-a-', 'a/b', 'a'.repeat(64)])
      expect(() => ossClient(fakeContext(), { bucket })).toThrow(
        expect.objectContaining({ name: 'ConfigurationError', code: 'InvalidBucketName' }),
      );
  });
});

describe('credentials', () => {
  it('are asked for before each request, and a changed one is used', async () => {
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
      remedy: `grant ${action} on acs:oss:*:*:${resource} to the caller, such as the function's role`,
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

  it('do not appear in an error or its causes', async () => {
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

  it('for a missing bucket give an error that says where its name comes from', async () => {
    const { env } = await localOss();
    const client = new OssClient({ bucket: 'gone', region: REGION, credentials: OWNER, env });
    await expect(client.putObject('key', 'x')).rejects.toMatchObject({
      code: 'NoSuchBucket',
      status: 404,
      message: expect.stringMatching(/EC 0015-00000101.*BUCKET_NAME in s\.yaml/),
    });
  });
});
