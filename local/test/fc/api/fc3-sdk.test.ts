import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { default as Fc3Client } from '@alicloud/fc20230330';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../services.ts';
import { ALICE, type Keys, start } from './invocable.ts';

/** The SDK is CommonJS. */
const Fc3: { default: typeof Fc3Client } & Record<
  'InvokeFunctionRequest' | 'InvokeFunctionHeaders',
  new (
    fields: object,
  ) => never
> = createRequire(import.meta.url)('@alicloud/fc20230330');

async function invoke3(url: string, keys: Keys, event: string, headers = {}, name = 'sample') {
  const config = new $OpenApiUtil.Config({
    ...keys,
    endpoint: url.replace('http://', ''),
    protocol: 'http',
    regionId: REGION,
  });
  const client = new Fc3.default(config as never);
  const answer = await client.invokeFunctionWithOptions(
    name,
    new Fc3.InvokeFunctionRequest({ body: Readable.from([Buffer.from(event)]) }),
    new Fc3.InvokeFunctionHeaders(headers),
    {} as never,
  );
  const chunks: Buffer[] = [];
  if (answer.body) for await (const chunk of answer.body) chunks.push(Buffer.from(chunk));
  return { ...answer, text: Buffer.concat(chunks).toString() };
}

describe('@alicloud/fc20230330', () => {
  it('invokes a function, with a pair and with a temporary credential', async () => {
    const { url, temporary } = await start();
    for (const keys of [ALICE, temporary]) {
      const { statusCode, headers, text } = await invoke3(url, keys, 'hello');
      expect([statusCode, text]).toEqual([200, 'you sent hello']);
      expect(headers?.['x-fc-request-id']).toMatch(/^1-/);
    }
  });

  it('gets the error of a function with status 200, and its log when it asks for the tail', async () => {
    const { url } = await start();
    const { statusCode, headers, text } = await invoke3(url, ALICE, 'fail', { xFcLogType: 'Tail' });
    expect(statusCode).toBe(200);
    expect(headers?.['x-fc-error-type']).toBe('UnhandledInvocationError');
    expect(JSON.parse(text)).toMatchObject({ errorMessage: 'no stock', errorType: 'Error' });
    const log = Buffer.from(headers?.['x-fc-log-result'] ?? '', 'base64').toString();
    expect(log).toMatch(/ \[info\] ran\n/);
  });

  it('invokes asynchronously: 202 at once, retries later', async () => {
    const { url, printed } = await start();
    const { statusCode, headers, text } = await invoke3(url, ALICE, 'fail', {
      xFcInvocationType: 'Async',
    });
    expect([statusCode, text]).toEqual([202, '']);
    const line = await printed('retry 1 of 3');
    expect(line.requestId).toBe(headers?.['x-fc-request-id']);
  });

  it('is refused when the policy does not allow it, and learns which function does not exist', async () => {
    const { url } = await start(`acs:fc:${REGION}:${ACCOUNT}:functions/other`);
    await expect(invoke3(url, ALICE, 'x')).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(invoke3(url, ALICE, 'x', {}, 'other')).rejects.toMatchObject({
      code: 'FunctionNotFound',
      statusCode: 404,
    });
  });

  it.each([
    ['an unknown key', { ...ALICE, accessKeyId: 'LTAI-nobody' }, 'InvalidAccessKeyID'],
    ['a wrong secret', { ...ALICE, accessKeySecret: 'wrong' }, 'SignatureNotMatch'],
    ['a token that is none', { ...ALICE, securityToken: 'x' }, 'InvalidSecurityToken'],
  ])('is refused with %s', async (_, keys, code) => {
    const { url } = await start();
    await expect(invoke3(url, keys, 'x')).rejects.toMatchObject({ code, statusCode: 403 });
  });

  it('is refused a temporary credential without its token, and once it has expired', async () => {
    const { url, temporary, clock } = await start();
    const { securityToken: _, ...bare } = temporary;
    await expect(invoke3(url, bare, 'x')).rejects.toMatchObject({ code: 'InvalidSecurityToken' });
    await clock.advance(3_600_000);
    await expect(invoke3(url, temporary, 'x')).rejects.toMatchObject({
      code: 'SecurityTokenExpired',
    });
  });
});
