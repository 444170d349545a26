import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { until } from '#src/testing/until';
import { ACCOUNT, REGION } from '../services.ts';
import { ALICE, type Keys, start } from './invocable.ts';

/** The SDK is CommonJS, and has no types. */
const Fc2: new (
  account: string,
  config: object,
) => {
  invokeFunction(
    service: string,
    name: string,
    event: string,
    headers?: object,
    qualifier?: string,
  ): Promise<{ headers: Record<string, string>; data: string }>;
} = createRequire(import.meta.url)('@alicloud/fc2');

function client2(url: string, { accessKeyId, ...keys }: Keys) {
  return new Fc2(ACCOUNT, { accessKeyID: accessKeyId, ...keys, region: REGION, endpoint: url });
}

describe('@alicloud/fc2', () => {
  it('invokes a function by service and name, with a pair and with a temporary credential', async () => {
    const { url, temporary } = await start(
      `acs:fc:${REGION}:${ACCOUNT}:services/shop/functions/sample`,
    );
    for (const keys of [ALICE, temporary])
      expect((await client2(url, keys).invokeFunction('shop', 'sample', 'hello')).data).toBe(
        'you sent hello',
      );
    await expect(client2(url, ALICE).invokeFunction('other', 'sample', 'x')).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('gets the error of a function as data, with its type in a header', async () => {
    const { url } = await start();
    const { headers, data } = await client2(url, ALICE).invokeFunction('shop', 'sample', 'fail');
    expect(headers['x-fc-error-type']).toBe('UnhandledInvocationError');
    expect(JSON.parse(data).errorMessage).toBe('no stock');
  });

  it('invokes asynchronously', async () => {
    const { url, lines } = await start();
    const headers = { 'x-fc-invocation-type': 'Async' };
    const { data } = await client2(url, ALICE).invokeFunction('shop', 'sample', 'x', headers);
    expect(data).toBe('');
    await until(() => lines.some(({ text }) => text.endsWith('ran')));
  });

  it.each([
    ['a wrong secret', { ...ALICE, accessKeySecret: 'wrong' }, 'SignatureNotMatch'],
    ['an unknown key', { ...ALICE, accessKeyId: 'LTAI-nobody' }, 'InvalidAccessKeyID'],
  ])('is refused with %s, in the form of 2.0', async (_, keys, code) => {
    const { url } = await start();
    const refusal = client2(url, keys).invokeFunction('shop', 'sample', 'x');
    await expect(refusal).rejects.toMatchObject({ code, name: `FC${code}Error` });
  });

  it.each([
    ['1', 'VersionNotFound'],
    ['prod', 'AliasNotFound'],
  ])('hears that there is no qualifier %s', async (qualifier, code) => {
    const { url } = await start();
    const refusal = client2(url, ALICE).invokeFunction('shop', 'sample', 'x', {}, qualifier);
    await expect(refusal).rejects.toMatchObject({ code });
  });
});
