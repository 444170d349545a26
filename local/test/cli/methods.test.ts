import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Credential, { Config } from '@alicloud/credentials';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import Sts, { AssumeRoleRequest, AssumeRoleWithOIDCRequest } from '@alicloud/sts20150401';
import OSS from 'ali-oss';
import { expect, it, onTestFinished, vi } from 'vitest';
import { METHODS, type Method } from '#src/cli/method-lines';
import { startLocalCloud } from '#src/main';
import { folderOf } from '#test/temporary-folder';
import { command } from './command.ts';

interface Keys {
  accessKeyId?: string | undefined;
  accessKeySecret?: string | undefined;
  securityToken?: string | undefined;
}

/**
 * Starts a cloud with a bucket; `environment` returns a shell's environment after the lines of a
 * method.
 */
async function start() {
  const folder = folderOf();
  const cloud = await startLocalCloud({
    credentialMethods: true,
    data: join(folder, '.local'),
    made: { queues: [], topics: [], buckets: ['tea'] },
  });
  onTestFinished(() => cloud.close());
  const lines = async (method: Method, ...args: string[]) => {
    const { code, stdout, stderr } = await command(['env', '--method', method, ...args], {
      cwd: folder,
    }).ended;
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };
  const environment = async (method: Method, ...args: string[]) => {
    const script = `${await lines(method, ...args)}\nenv`;
    const env = { PATH: process.env.PATH, OSS_SESSION_TOKEN: 'of another method' };
    const shell = execFileSync('sh', ['-c', script], { encoding: 'utf8', env });
    return Object.fromEntries(
      shell
        .split('\n')
        .map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
    );
  };
  return { cloud, lines, environment };
}

/** Sets the environment of this process until the end of the test. */
function use(environment: Record<string, string>): void {
  for (const [name, value] of Object.entries(environment))
    if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, value);
  vi.stubEnv('ALIBABA_CLOUD_CLI_PROFILE_DISABLED', 'true');
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Stores an object with ali-oss and reads it again. */
async function stores(endpoint: string | undefined, keys: Keys): Promise<void> {
  const { accessKeyId = '', accessKeySecret = '', securityToken } = keys;
  const client = new OSS({
    endpoint,
    bucket: 'tea',
    accessKeyId,
    accessKeySecret,
    ...(securityToken && {
      stsToken: securityToken,
      refreshSTSToken: async () => ({ accessKeyId, accessKeySecret, stsToken: securityToken }),
    }),
  });
  await client.put('green', Buffer.from('leaves'));
  expect((await client.get('green')).content.toString()).toBe('leaves');
}

function sts(environment: Record<string, string>, keys: Keys = {}): Sts {
  const { host } = new URL(environment.STS_ENDPOINT ?? '');
  return new Sts(new $OpenApiUtil.Config({ ...keys, endpoint: host, protocol: 'http' }));
}

it('access-key: @alicloud/credentials finds the pair, and ali-oss stores with it', async () => {
  const { environment } = await start();
  const env = await environment('access-key');
  use(env);
  await stores(env.OSS_ENDPOINT, await new Credential().getCredential());
  expect([env.OSS_ACCESS_KEY_ID, env.OSS_SESSION_TOKEN]).toEqual([
    'local-access-key-id',
    undefined,
  ]);
});

it('sts-token: @alicloud/credentials finds the three, and ali-oss stores with them', async () => {
  const { environment } = await start();
  const env = await environment('sts-token');
  use(env);
  const found = await new Credential().getCredential();
  expect(found.securityToken).toBe(env.OSS_SESSION_TOKEN);
  expect(env.MNS_SESSION_TOKEN).toBe(env.OSS_SESSION_TOKEN);
  await stores(env.OSS_ENDPOINT, found);
});

it('ram-role-arn: @alicloud/sts20150401 assumes the role with the user’s pair', async () => {
  const { environment } = await start();
  const env = await environment('ram-role-arn');
  use(env);
  expect(env.OSS_STS_ROLE_ARN).toBe(env.ALIBABA_CLOUD_ROLE_ARN);
  const answer = await sts(env, await new Credential().getCredential()).assumeRole(
    new AssumeRoleRequest({
      roleArn: env.ALIBABA_CLOUD_ROLE_ARN,
      roleSessionName: env.ALIBABA_CLOUD_ROLE_SESSION_NAME,
    }),
  );
  await stores(env.OSS_ENDPOINT, answer.body?.credentials ?? {});
});

it('the account’s own pair may do everything but assume a role', async () => {
  const { environment } = await start();
  const env = await environment('ram-role-arn', '--owner');
  use(env);
  const keys = await new Credential().getCredential();
  await stores(env.OSS_ENDPOINT, keys);
  const request = new AssumeRoleRequest({
    roleArn: env.ALIBABA_CLOUD_ROLE_ARN,
    roleSessionName: 'me',
  });
  await expect(sts(env, keys).assumeRole(request)).rejects.toMatchObject({
    code: 'NoPermission',
    message: expect.stringContaining('Roles may not be assumed by root accounts'),
  });
});

it('oidc-role-arn: @alicloud/sts20150401 assumes the role with the token of the file', async () => {
  const { environment } = await start();
  const env = await environment('oidc-role-arn');
  const file = env.ALIBABA_CLOUD_OIDC_TOKEN_FILE ?? '';
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(env.ALIBABA_CLOUD_ACCESS_KEY_ID).toBeUndefined();
  const answer = await sts(env).assumeRoleWithOIDC(
    new AssumeRoleWithOIDCRequest({
      OIDCProviderArn: env.ALIBABA_CLOUD_OIDC_PROVIDER_ARN,
      roleArn: env.ALIBABA_CLOUD_ROLE_ARN,
      roleSessionName: env.ALIBABA_CLOUD_ROLE_SESSION_NAME,
      OIDCToken: readFileSync(file, 'utf8'),
    }),
  );
  await stores(env.OSS_ENDPOINT, answer.body?.credentials ?? {});
});

// The address of the metadata server is fixed in @alicloud/credentials: this is its exchange by hand.
it('ecs-ram-role: the metadata addresses hand out the credential of the role that is named', async () => {
  const { environment } = await start();
  const env = await environment('ecs-ram-role');
  const at = `${env.STS_ENDPOINT}/latest`;
  const token = await fetch(`${at}/api/token`, {
    method: 'PUT',
    headers: { 'X-aliyun-ecs-metadata-token-ttl-seconds': '21600' },
  });
  const answer = await fetch(
    `${at}/meta-data/ram/security-credentials/${env.ALIBABA_CLOUD_ECS_METADATA}`,
    { headers: { 'X-aliyun-ecs-metadata-token': await token.text() } },
  );
  const issued = (await answer.json()) as Record<string, string>;
  expect(issued.Code).toBe('Success');
  await stores(env.OSS_ENDPOINT, {
    accessKeyId: issued.AccessKeyId,
    accessKeySecret: issued.AccessKeySecret,
    securityToken: issued.SecurityToken,
  });
});

it('credentials-uri: @alicloud/credentials asks the address', async () => {
  const { environment } = await start();
  const env = await environment('credentials-uri');
  use(env);
  await stores(env.OSS_ENDPOINT, await new Credential().getCredential());
  const config = new Config({
    type: 'credentials_uri',
    credentialsURI: env.ALIBABA_CLOUD_CREDENTIALS_URI,
  });
  await stores(env.OSS_ENDPOINT, await new Credential(config).getCredential());
});

it('fc-context: @alicloud/credentials finds what an instance has in its environment', async () => {
  const { environment } = await start();
  const env = await environment('fc-context');
  use(env);
  const found = await new Credential().getCredential();
  expect(found.securityToken).toBeTruthy();
  expect(env.OSS_ACCESS_KEY_ID).toBeUndefined();
  await stores(env.OSS_ENDPOINT, found);
});

it('custom: @alicloud/credentials takes an object of one’s own', async () => {
  const { environment, cloud } = await start();
  const env = await environment('custom');
  expect(Object.keys(env).filter((name) => /KEY|TOKEN|ROLE/.test(name))).toEqual([]);
  const provider = {
    getCredentials: async () => ({ ...cloud.accessKey, securityToken: '', providerName: 'mine' }),
    getProviderName: () => 'mine',
  };
  await stores(env.OSS_ENDPOINT, await new Credential(null, provider).getCredential());
});

it('says for each method who reads what', async () => {
  const { lines } = await start();
  for (const method of METHODS)
    expect(await lines(method)).toMatch(new RegExp(`^# ${method}\\n# .{40,}\\n(# .*\\n)*unset `));
});

it.each([
  [['--method', 'ram'], 2, /^error: --method is "ram"; give one of access-key, sts-token, /],
  [['--owner'], 2, /--owner goes with --method access-key or ram-role-arn/],
  [['--function', 'a'], 2, /--function goes with --method fc-context/],
  [['--method', 'custom', '--owner'], 2, /--owner goes with --method access-key or ram-role-arn/],
  [['--method', 'custom', '--function', 'x'], 2, /--function goes with --method fc-context/],
  [['--method', 'custom', '--openapi-port', '1'], 1, /Nothing answers at http:\/\/127.0.0.1:1: /],
])('refuses env %j', async (args, wanted, message) => {
  const { code, stdout, stderr } = await command(['env', ...args]).ended;
  expect([code, stdout, stderr]).toEqual([wanted, '', expect.stringMatching(message)]);
});

it('answers no page of another origin, and names the functions with a role', async () => {
  const { cloud } = await start();
  const ask = (query: string, headers = {}) =>
    fetch(`${cloud.openapi.url}/_local/account${query}`, { headers });
  expect((await ask('', { origin: 'https://example.com' })).status).toBe(403);
  const unknown = await ask('?function=tea');
  expect([unknown.status, await unknown.json()]).toEqual([
    404,
    { Code: 'NotFound', Message: 'No function "tea" with a role; there are none' },
  ]);
});
