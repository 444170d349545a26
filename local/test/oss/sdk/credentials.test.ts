import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, OWNER, startTestCloud, type TestCloud } from '../helpers.ts';
import { KEY, SIGNATURES } from './signatures.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

describe.each(SIGNATURES)('ali-oss with signatures %s', (_, options) => {
  let client: Client;
  beforeEach(() => {
    client = cloud.client(options);
  });

  it('signs URLs to get and to put', async () => {
    const token = cloud.authority.issue(cloud.clock.now() + 60_000);
    for (const signer of [
      client,
      cloud.client({
        ...options,
        accessKeyId: token.accessKeyId,
        accessKeySecret: token.accessKeySecret,
        stsToken: token.securityToken,
      }),
    ]) {
      const sign = (method: 'GET' | 'PUT') =>
        options.authorizationV4
          ? signer.signatureUrlV4(method, 60, undefined, KEY)
          : signer.signatureUrl(KEY, { method, expires: 60 });
      const put = await fetch(await sign('PUT'), { method: 'PUT', body: Buffer.from('by URL') });
      expect([put.status, await put.text()]).toEqual([200, '']);
      const got = await fetch(await sign('GET'));
      expect([got.status, await got.text()]).toEqual([200, 'by URL']);
      const swapped = await fetch(await sign('GET'), { method: 'PUT', body: Buffer.from('no') });
      expect(swapped.status).toBe(403);
      expect(await swapped.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    }
  });

  it("gets the service's code when its secret or its id is wrong", async () => {
    const wrong = (change: object) => cloud.client({ ...options, ...change }).list({} as never, {});
    await expect(wrong({ accessKeySecret: 'wrong' })).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
      ecCode: '0002-00000040',
    });
    await expect(wrong({ accessKeyId: 'wrong' })).rejects.toMatchObject({
      code: 'InvalidAccessKeyId',
      ecCode: '0002-00000902',
    });
  });
});

describe('ali-oss', () => {
  it('never shows a secret in an error', async () => {
    const token = cloud.authority.issue(cloud.clock.now() + 60_000);
    for (const authorizationV4 of [true, false]) {
      const client = cloud.client({
        authorizationV4,
        accessKeyId: token.accessKeyId,
        accessKeySecret: 'X',
        stsToken: token.securityToken,
      });
      const error: unknown = await client.put('a', Buffer.from('x')).catch((one: unknown) => one);
      expect(error).toMatchObject({ code: 'SignatureDoesNotMatch' });
      expect(JSON.stringify(error) + String(error)).not.toContain(OWNER.accessKeySecret);
    }
  });
});
