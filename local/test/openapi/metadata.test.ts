import { request } from 'node:http';
import Credential, { Config } from '@alicloud/credentials';
import { afterEach, describe, expect, it } from 'vitest';
import { type OpenApiOptions, startOpenApi } from '#src/openapi/server';
import { ACCOUNT, jsonOf, startAccount, type TestAccount } from '#test/openapi/account';

let account: TestAccount;
afterEach(() => account.server.close());

const start = async (options: Partial<OpenApiOptions> = {}) => {
  account = await startAccount(options);
};

const ROLE_PATH = '/latest/meta-data/ram/security-credentials/';
const TTL = 'X-aliyun-ecs-metadata-token-ttl-seconds';
const TOKEN = 'X-aliyun-ecs-metadata-token';

const ask = (path: string, init: RequestInit = {}) => fetch(`${account.server.url}${path}`, init);

async function token(seconds = '60'): Promise<string> {
  const response = await ask('/latest/api/token', { method: 'PUT', headers: { [TTL]: seconds } });
  return response.text();
}

const withToken = async (path: string) => ask(path, { headers: { [TOKEN]: await token() } });

describe('the metadata service', () => {
  it('gives a token, the name of the role and its credential', async () => {
    await start();
    const listing = await withToken(ROLE_PATH);
    expect([listing.status, await listing.text()]).toEqual([200, 'instance']);
    const response = await withToken(`${ROLE_PATH}instance`);
    const credential = await jsonOf(response);
    expect(credential).toEqual({
      Code: 'Success',
      AccessKeyId: expect.stringMatching(/^STS\./),
      AccessKeySecret: expect.any(String),
      SecurityToken: expect.any(String),
      Expiration: expect.stringMatching(/^[\d-]+T[\d:]+Z$/),
      LastUpdated: expect.stringMatching(/^[\d-]+T[\d:]+Z$/),
    });
    expect(account.identities.findAccessKey(credential.AccessKeyId ?? '')).toMatchObject({
      accessKeySecret: credential.AccessKeySecret,
      securityToken: credential.SecurityToken,
      expiration: Date.parse(credential.Expiration ?? ''),
      principal: { arn: `acs:ram::${ACCOUNT}:assumed-role/instance/instance` },
    });
  });

  it('keeps a credential until half an hour before its end', async () => {
    await start();
    const id = async () => (await jsonOf(await withToken(`${ROLE_PATH}instance`))).AccessKeyId;
    const first = await id();
    await account.clock.advance(5.4 * 3_600_000);
    expect(await id()).toBe(first);
    await account.clock.advance(0.1 * 3_600_000);
    expect(await id()).not.toBe(first);
  });

  it.each([undefined, '', '0', '21601', '-1', '1.5', 'x', '1e3'])(
    'gives no token for a time to live of %j',
    async (ttl) => {
      await start();
      const headers = ttl === undefined ? {} : { [TTL]: ttl };
      const response = await ask('/latest/api/token', { method: 'PUT', headers });
      expect(response.status).toBe(400);
    },
  );

  it('accepts a token only for its requested lifetime', async () => {
    await start();
    const headers = { [TOKEN]: await token('60') };
    await account.clock.advance(59_999);
    expect((await ask(ROLE_PATH, { headers })).status).toBe(200);
    await account.clock.advance(1);
    expect((await ask(ROLE_PATH, { headers })).status).toBe(401);
  });

  it('refuses a wrong token, and none unless in normal mode', async () => {
    await start();
    expect((await ask(ROLE_PATH, { headers: { [TOKEN]: 'x' } })).status).toBe(401);
    expect((await ask(ROLE_PATH)).status).toBe(403);
    await account.server.close();
    await start({ imdsV1: true });
    expect(await (await ask(ROLE_PATH)).text()).toBe('instance');
    expect((await jsonOf(await ask(`${ROLE_PATH}instance`))).Code).toBe('Success');
    expect((await ask(ROLE_PATH, { headers: { [TOKEN]: 'x' } })).status).toBe(401);
  });

  it.each([
    ['GET', '/latest/api/token', 405],
    ['POST', ROLE_PATH, 405],
    ['GET', '/latest/meta-data/instance-id', 404],
    ['GET', `${ROLE_PATH}instance/x`, 404],
    ['PUT', '/credentials', 405],
  ])('answers %s %s with %i', async (method, path, status) => {
    await start();
    expect((await ask(path, { method })).status).toBe(status);
  });

  it('has nothing for another role, or without one attached', async () => {
    await start();
    expect((await withToken(`${ROLE_PATH}target`)).status).toBe(404);
    await account.server.close();
    const { clock, identities } = account;
    account.server = await startOpenApi({ clock, identities, region: 'cn-hangzhou' });
    expect((await withToken(ROLE_PATH)).status).toBe(404);
    expect((await withToken(`${ROLE_PATH}instance`)).status).toBe(404);
    expect((await ask('/credentials')).status).toBe(404);
  });

  it('says why a role does not come, without a credential', async () => {
    await start({ instanceRole: 'target' });
    const answer = await (await withToken(`${ROLE_PATH}target`)).json();
    expect(answer).toEqual({
      Code: 'NoPermission',
      Message: expect.stringContaining('ecs.aliyuncs.com may not assume role "target"'),
    });
  });
});

it('gives the same credential at /credentials', async () => {
  await start();
  const direct = await (await withToken(`${ROLE_PATH}instance`)).json();
  expect(await (await ask('/credentials')).json()).toEqual(direct);
});

it('serves the official credentials package as a credentials URI', async () => {
  await start();
  const config = new Config({
    type: 'credentials_uri',
    credentialsURI: `${account.server.url}/credentials`,
  });
  const { accessKeyId, securityToken } = await new Credential(config).getCredential();
  expect(account.identities.findAccessKey(accessKeyId ?? '')).toMatchObject({ securityToken });
});

describe('a page in a browser', () => {
  /** Node's fetch sends no other Host; a page whose name resolves to this machine does. */
  const statusOf = (path: string, method: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { port } = account.server;
      const options = { host: '127.0.0.1', port, path, method, headers };
      request(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it.each([
    ['GET', '/credentials', { host: 'evil.example' }],
    ['GET', '/credentials', { origin: 'https://evil.example' }],
    ['PUT', '/latest/api/token', { host: 'evil.example', [TTL]: '60' }],
    ['GET', ROLE_PATH, { host: 'evil.example' }],
  ])('gets nothing by %s %s with %j', async (method, path, headers) => {
    await start();
    expect(await statusOf(path, method, headers)).toBe(403);
  });
});
