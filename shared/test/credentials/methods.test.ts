import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { contextCredentials } from '#src/auth/context-credentials';
import { accessKey, accessKeyFile } from '#src/credentials/access-key';
import { credentialsUri } from '#src/credentials/credentials-uri';
import { custom, fromOfficialClient } from '#src/credentials/custom';
import { ecsRamRole } from '#src/credentials/ecs-ram-role';
import { oidcRoleArn } from '#src/credentials/oidc-role-arn';
import { ramRoleArn } from '#src/credentials/ram-role-arn';
import { resolveCredentials } from '#src/credentials/resolve';
import { stsToken } from '#src/credentials/sts-token';
import { assumeRole, type RoleSession } from '#src/openapi/sts';
import { OssClient } from '#src/oss/bucket/client';
import { fakeContext } from '#test/fake-context';
import { ACCOUNT, ADMIN, PROVIDER_ARN, REGION, roleArn, workingAccount } from './account.ts';

const ADMIN_ARN = `acs:ram::${ACCOUNT}:user/admin`;
const WORK = { roleArn: roleArn('worker'), region: REGION };
const assumed = (session: string) => `acs:ram::${ACCOUNT}:assumed-role/worker/${session}`;

async function file(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

it('1 AccessKey pair: given, from a config.ini, or from the environment', async () => {
  const { env, use } = await workingAccount();
  const path = await file(
    'config.ini',
    `[credentials]\nalibaba_cloud_access_key_id=${ADMIN.accessKeyId}\nalibaba_cloud_access_key_secret=${ADMIN.accessKeySecret}\n`,
  );
  expect(await use(accessKey(ADMIN))).toBe(ADMIN_ARN);
  expect(await use(accessKeyFile(path))).toBe(ADMIN_ARN);
  const own = {
    OSS_ACCESS_KEY_ID: ADMIN.accessKeyId,
    OSS_ACCESS_KEY_SECRET: ADMIN.accessKeySecret,
  };
  expect(await use(resolveCredentials('oss', { env: { ...env, ...own } }))).toBe(ADMIN_ARN);
  const fromFile = { ALIBABA_CLOUD_CREDENTIALS_FILE: path };
  expect(await use(resolveCredentials('smq', { env: { ...env, ...fromFile } }))).toBe(ADMIN_ARN);
});

it('2 STS token: as STS issued it', async () => {
  const { env, use } = await workingAccount();
  const {
    accessKeyId,
    accessKeySecret,
    securityToken = '',
  } = await assumeRole({
    ...WORK,
    env,
    credentials: ADMIN,
    sessionName: 'handed-over',
  });
  const token = { accessKeyId, accessKeySecret, securityToken };
  expect(await use(stsToken(token))).toBe(assumed('handed-over'));
  const variables = {
    MNS_ACCESS_KEY_ID: accessKeyId,
    MNS_ACCESS_KEY_SECRET: accessKeySecret,
    MNS_SESSION_TOKEN: securityToken,
  };
  expect(await use(resolveCredentials('smq', { env: { ...env, ...variables } }))).toBe(
    assumed('handed-over'),
  );
});

it('3 RAMRoleARN: a role assumed with a user’s pair, narrowed by a session policy', async () => {
  const { env, use } = await workingAccount();
  const base = accessKey(ADMIN);
  expect(await use(ramRoleArn({ ...WORK, base, env, sessionName: 'wide' }))).toBe(assumed('wide'));

  const policy = {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'oss:PutObject', Resource: 'acs:oss:*:*:photos/in/*' }],
  };
  const credentials = ramRoleArn({ ...WORK, base, env, policy, durationSeconds: 900 });
  const narrow = new OssClient({ bucket: 'photos', region: REGION, credentials, env });
  await narrow.putObject('in/b.txt', 'text');
  await expect(narrow.putObject('out/b.txt', 'text')).rejects.toMatchObject({
    code: 'AccessDenied',
  });
  await expect(narrow.getObject('in/b.txt')).rejects.toMatchObject({ code: 'AccessDenied' });

  const variables = {
    OSS_ACCESS_KEY_ID: ADMIN.accessKeyId,
    OSS_ACCESS_KEY_SECRET: ADMIN.accessKeySecret,
    OSS_STS_ROLE_ARN: WORK.roleArn,
  };
  const resolved = resolveCredentials('oss', {
    env: { ...env, ...variables },
    session: { sessionName: 'by-env' },
  });
  expect(await use(resolved)).toBe(assumed('by-env'));
});

it.each([
  ['an object', (policy: object) => policy],
  ['JSON text', (policy: object) => JSON.stringify(policy, null, 2)],
])('narrows by a session policy that is %s', async (_, written) => {
  const { env, use } = await workingAccount();
  const base = accessKey(ADMIN);
  const narrow = { Effect: 'Allow', Action: 'oss:PutObject', Resource: 'acs:oss:*:*:photos/in/*' };
  const policy = written({ Version: '1', Statement: [narrow] });
  const credentials = ramRoleArn({ ...WORK, base, env, policy });
  const bucket = new OssClient({ bucket: 'photos', region: REGION, credentials, env });
  await bucket.putObject('in/b.txt', 'text');
  await expect(bucket.putObject('out/b.txt', 'x')).rejects.toMatchObject({ code: 'AccessDenied' });
  expect(await use(ramRoleArn({ ...WORK, base, env }))).toMatch(assumed(''));
});

it.each(['', 'x', '"{}"', '[]', 'null', JSON.stringify(JSON.stringify({ Version: '1' }))])(
  'refuses the session policy %j before any request',
  (policy) => {
    const base = accessKey(ADMIN);
    expect(() => ramRoleArn({ ...WORK, base, policy })).toThrow(
      expect.objectContaining({ code: 'InvalidPolicy' }),
    );
  },
);

it('3 RAMRoleARN from a function: role chaining with the context’s own credential', async () => {
  const { env, use, keyOf } = await workingAccount();
  const { accessKeyId, accessKeySecret, securityToken } = keyOf('caller');
  const context = fakeContext({ credentials: { accessKeyId, accessKeySecret, securityToken } });
  const base = { getCredentials: async () => contextCredentials(context) };
  expect(await use(ramRoleArn({ ...WORK, base, env, sessionName: 'chained' }))).toBe(
    assumed('chained'),
  );
});

it('4 ECSRAMRole: from the metadata service, with and without the role’s name', async () => {
  const { use, server } = await workingAccount();
  expect(await use(ecsRamRole({ endpoint: server.url }))).toMatch(assumed(''));
  expect(await use(ecsRamRole({ endpoint: server.url, roleName: 'worker' }))).toMatch(assumed(''));
  await expect(
    ecsRamRole({ endpoint: server.url, roleName: 'other' }).getCredentials(),
  ).rejects.toMatchObject({
    code: 'CredentialsUnavailable',
    message: expect.stringMatching(/metadata server answered 404/),
  });
});

it('5 Function Compute context: all three values of the invocation', async () => {
  const { use, keyOf } = await workingAccount();
  const { accessKeyId, accessKeySecret, securityToken } = keyOf('worker');
  const context = fakeContext({ credentials: { accessKeyId, accessKeySecret, securityToken } });
  expect(await use(resolveCredentials('smq', { context, env: {} }))).toBe(assumed('test'));
});

it('6 OIDCRoleARN: with the token in a file that is read anew for each credential', async () => {
  const { env, use, issuer, clock } = await workingAccount();
  const now = Math.floor(clock.now() / 1000);
  const claims = { aud: 'sts.aliyuncs.com', sub: 'pod-1', iat: now, exp: now + 600 };
  const path = await file('token', `${issuer.token(claims)}\n`);
  const oidc = { ...WORK, oidcProviderArn: PROVIDER_ARN, oidcTokenFile: path, env };
  expect(await use(oidcRoleArn({ ...oidc, sessionName: 'pod' }))).toBe(assumed('pod'));

  const variables = {
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: PROVIDER_ARN,
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: path,
    ALIBABA_CLOUD_ROLE_ARN: WORK.roleArn,
    ALIBABA_CLOUD_ROLE_SESSION_NAME: 'pod-env',
  };
  const resolved = resolveCredentials('oss', { env: { ...env, ...variables } });
  expect(await use(resolved)).toBe(assumed('pod-env'));

  const provider = oidcRoleArn(oidc);
  const old = issuer.token({ ...claims, exp: now - 1 });
  await writeFile(path, old);
  const error = await provider.getCredentials().catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    code: 'AuthenticationFail.OIDCToken.Expired',
    service: 'sts',
    remedy: expect.stringMatching(/has to renew it/),
  });
  expect(String(error)).not.toContain(old);
  await writeFile(path, issuer.token(claims));
  await expect(provider.getCredentials()).resolves.toMatchObject({
    accessKeyId: expect.stringMatching(/^STS\./),
  });
  await rm(path);
  await expect(oidcRoleArn(oidc).getCredentials()).rejects.toMatchObject({
    code: 'FileUnreadable',
  });
  await writeFile(path, ' \n');
  await expect(oidcRoleArn(oidc).getCredentials()).rejects.toMatchObject({ code: 'InvalidFile' });
});

it('7 CredentialsURI: what the address answers', async () => {
  const { env, use, server } = await workingAccount();
  const uri = `${server.url}/credentials`;
  expect(await use(credentialsUri({ uri }))).toMatch(assumed(''));
  const variables = { ALIBABA_CLOUD_CREDENTIALS_URI: uri };
  expect(await use(resolveCredentials('oss', { env: { ...env, ...variables } }))).toMatch(
    assumed(''),
  );
});

it('8 custom: any function, and a client of the official package', async () => {
  const { use, server } = await workingAccount();
  expect(await use(custom(async () => ADMIN))).toBe(ADMIN_ARN);
  const { default: official, Config } = await import('@alicloud/credentials');
  const Client = 'default' in official ? (official.default as typeof official) : official;
  const client = new Client(
    new Config({ type: 'credentials_uri', credentialsURI: `${server.url}/credentials` }),
  );
  expect(await use(fromOfficialClient(client))).toMatch(assumed(''));
});

it.each<[string, Partial<RoleSession>, RegExp]>([
  ['EntityNotExist.Role', { roleArn: roleArn('nobody') }, /check the role ARN/],
  ['NoPermission', { roleArn: roleArn('instance') }, /trust policy/],
  [
    'InvalidParameter.DurationSeconds',
    { roleArn: roleArn('target'), durationSeconds: 7201 },
    /longest session/,
  ],
  ['InvalidParameter.PolicyGrammar', { policy: { Version: 1 } }, /Version "1"/],
  ['InvalidParameter.PolicySize', { policy: { Version: '1'.repeat(3000) } }, /2048 characters/],
])(
  'passes on what STS says: %s, with status, request id and remedy',
  async (code, change, remedy) => {
    const { env } = await workingAccount();
    const provider = ramRoleArn({ ...WORK, ...change, base: accessKey(ADMIN), env });
    await expect(provider.getCredentials()).rejects.toMatchObject({
      name: 'ServiceError',
      service: 'sts',
      code,
      status: expect.any(Number),
      requestId: expect.stringMatching(/\S{10}/),
      remedy: expect.stringMatching(remedy),
    });
  },
);

it('reports a wrong clock', async () => {
  const { env, clock } = await workingAccount();
  await clock.advance(16 * 60_000);
  const provider = ramRoleArn({ ...WORK, base: accessKey(ADMIN), env });
  await expect(provider.getCredentials()).rejects.toMatchObject({
    code: 'InvalidTimeStamp.Expired',
    remedy: expect.stringMatching(/^set the clock/),
  });
});

it('reports a wrong secret, and neither prints nor keeps it', async () => {
  const { env } = await workingAccount();
  const base = accessKey({ ...ADMIN, accessKeySecret: 'a-wrong-secret' });
  const error = await ramRoleArn({ ...WORK, base, env })
    .getCredentials()
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({
    code: 'SignatureDoesNotMatch',
    remedy: 'check the access key secret',
  });
  expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toMatch(
    /a-wrong-secret|Signature=/,
  );
});

it.each([
  [{ roleArn: 'worker' }, 'InvalidRoleArn'],
  [{ sessionName: 'no spaces' }, 'InvalidSessionName'],
  [{ durationSeconds: 899 }, 'InvalidDuration'],
  [{ durationSeconds: 43_201 }, 'InvalidDuration'],
  [{ durationSeconds: Number.NaN }, 'InvalidDuration'],
])('refuses %j before any call', (change, code) => {
  const make = () =>
    ramRoleArn({
      ...WORK,
      ...change,
      base: accessKey(ADMIN),
      env: { STS_ENDPOINT: 'http://127.0.0.1:1' },
    });
  expect(make).toThrow(expect.objectContaining({ code, remedy: expect.any(String) }));
});

it('refuses an invalid role before any request, for OIDC too', () => {
  const oidc = { oidcProviderArn: PROVIDER_ARN, oidcTokenFile: '/none', region: 'cn-hangzhou' };
  expect(() => oidcRoleArn({ ...oidc, roleArn: 'no role' })).toThrow(
    expect.objectContaining({ message: expect.stringContaining('no role') }),
  );
});
