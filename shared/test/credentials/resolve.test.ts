import { expect, it } from 'vitest';
import { explain } from '#src/credentials/explain';
import { regionOf, resolveCredentials, type Service } from '#src/credentials/resolve';
import { fakeContext } from '#test/fake-context';
import { GENERAL, MNS, MPAAS, OSS } from './variables.ts';

const context = fakeContext({
  credentials: {
    accessKeyId: 'STS.ctx',
    accessKeySecret: 'ctx-secret',
    securityToken: 'ctx-token',
  },
});

const idOf = async (service: Service, env: NodeJS.ProcessEnv, withContext = false) => {
  const provider = resolveCredentials(service, { env, ...(withContext && { context }) });
  return (await provider.getCredentials()).accessKeyId;
};

it.each<[string, Service, NodeJS.ProcessEnv, boolean, string]>([
  ['the context before everything else', 'smq', { ...MNS, ...GENERAL }, true, 'STS.ctx'],
  ['SMQ’s own variables before the general ones', 'smq', { ...MNS, ...GENERAL }, false, 'mns-id'],
  ['the general variables for SMQ', 'smq', { ...GENERAL, ...OSS }, false, 'general-id'],
  ['OSS’s own variables before the general ones', 'oss', { ...GENERAL, ...OSS }, false, 'oss-id'],
  ['mPaaS’s own variables', 'mpaas', { ...MPAAS, ...GENERAL }, false, 'mpaas-id'],
])('takes %s', async (_, service, env, withContext, id) => {
  expect(await idOf(service, env, withContext)).toBe(id);
});

it('reads an empty session token as none', async () => {
  const env = { ...MNS, MNS_SESSION_TOKEN: '' };
  await expect(resolveCredentials('smq', { env }).getCredentials()).resolves.toEqual({
    accessKeyId: 'mns-id',
    accessKeySecret: 'mns-secret',
  });
});

it('names every place it searched when there is no credential', () => {
  expect(() => resolveCredentials('oss', { env: {} })).toThrow(
    expect.objectContaining({
      code: 'NoCredentials',
      message: expect.stringMatching(
        /no context.*OSS_ACCESS_KEY_ID.*ALIBABA_CLOUD_ACCESS_KEY_ID.*; ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE are not set; .*CREDENTIALS_FILE.*ECS_METADATA.*CREDENTIALS_URI.*setup --service oss/,
      ),
    }),
  );
});

it.each<[Service, NodeJS.ProcessEnv, RegExp]>([
  [
    'mpaas',
    { ACCESS_KEY_ID: 'x', ACCESS_KEY_SECRET: 'do-not-print' },
    /MPAAS_AK_ENV and MPAAS_SK_ENV are not set, and ACCESS_KEY_ID and ACCESS_KEY_SECRET, which are set, not read: name the pair MPAAS_AK_ENV and MPAAS_SK_ENV/,
  ],
  [
    'oss',
    { ALIYUN_ACCESS_KEY_ID: 'x' },
    /ALIYUN_ACCESS_KEY_ID, which is set, not read: name the pair OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET/,
  ],
])('names variables of %s that are set and not read: %j', (service, env, message) => {
  const act = () => resolveCredentials(service, { env });
  expect(act).toThrow(message);
  expect(act).not.toThrow(/do-not-print/);
  expect(explain(service, { env }).sources[1]?.reason).toMatch(message);
});

it('says of a temporary id of mPaaS, which takes no token, what to give instead', () => {
  const env = { MPAAS_AK_ENV: 'STS.x', MPAAS_SK_ENV: 'do-not-print' };
  expect(() => resolveCredentials('mpaas', { env })).toThrow(
    /^MPAAS_AK_ENV is a temporary id, without a security token: give MPAAS_AK_ENV the id of a RAM user's own pair$/,
  );
});

it('refuses an unknown service', () => {
  const error = expect.objectContaining({
    code: 'UnknownService',
    message: expect.stringMatching(/"sqs".*smq, oss or mpaas/),
  });
  expect(() => resolveCredentials('sqs' as Service, { env: {} })).toThrow(error);
  expect(() => explain('sqs' as Service, { env: {} })).toThrow(error);
});

it('takes the variables inside a function that has no role', async () => {
  const { credentials: _, ...bare } = context;
  const provider = resolveCredentials('oss', { context: bare, env: OSS });
  expect((await provider.getCredentials()).accessKeyId).toBe('oss-id');
});

const secret = 'do-not-print-me';

it.each<[string, NodeJS.ProcessEnv, RegExp]>([
  [
    'an id alone',
    { OSS_ACCESS_KEY_ID: 'x' },
    /^OSS_ACCESS_KEY_ID set without OSS_ACCESS_KEY_SECRET/,
  ],
  [
    'a secret alone',
    { OSS_ACCESS_KEY_SECRET: secret },
    /^OSS_ACCESS_KEY_SECRET set without OSS_ACCESS_KEY_ID/,
  ],
  [
    'a token alone',
    { OSS_SESSION_TOKEN: secret },
    /^OSS_SESSION_TOKEN set without OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET/,
  ],
  [
    'an id of one family with a secret of another',
    { OSS_ACCESS_KEY_ID: 'x', ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret },
    /^OSS_ACCESS_KEY_ID set with ALIBABA_CLOUD_ACCESS_KEY_SECRET, which is of another family/,
  ],
  [
    'a secret of one family with an id of another',
    { OSS_ACCESS_KEY_SECRET: secret, ALIBABA_CLOUD_ACCESS_KEY_ID: 'x' },
    /^OSS_ACCESS_KEY_SECRET set with ALIBABA_CLOUD_ACCESS_KEY_ID, which is of another family/,
  ],
  [
    'a temporary id without a token',
    { OSS_ACCESS_KEY_ID: 'STS.x', OSS_ACCESS_KEY_SECRET: secret },
    /^OSS_ACCESS_KEY_ID is a temporary id.*set OSS_SESSION_TOKEN/,
  ],
  [
    'a long-term id with a token',
    { OSS_ACCESS_KEY_ID: 'LTAIx', OSS_ACCESS_KEY_SECRET: secret, OSS_SESSION_TOKEN: secret },
    /^OSS_ACCESS_KEY_ID is a long-term id, and OSS_SESSION_TOKEN is set/,
  ],
  [
    'a value with white space around it',
    { OSS_ACCESS_KEY_ID: 'x', OSS_ACCESS_KEY_SECRET: `${secret}\n` },
    /^OSS_ACCESS_KEY_SECRET has white space around it/,
  ],
  [
    'a value in the quotes that cmd keeps',
    { OSS_ACCESS_KEY_ID: 'x', OSS_ACCESS_KEY_SECRET: `"${secret}"` },
    /^OSS_ACCESS_KEY_SECRET has quotes around it: set it again without/,
  ],
  [
    'a placeholder',
    { OSS_ACCESS_KEY_ID: '<your-access-key-id>', OSS_ACCESS_KEY_SECRET: secret },
    /^OSS_ACCESS_KEY_ID holds a placeholder: put your own value in its place/,
  ],
  [
    'a value of white space',
    { OSS_ACCESS_KEY_ID: '  ' },
    /^OSS_ACCESS_KEY_ID holds only white space/,
  ],
])('says what is wrong with %s, naming the variables and no value', (_, env, message) => {
  const act = () => resolveCredentials('oss', { env });
  expect(act).toThrow(
    expect.objectContaining({ code: 'BrokenCredentials', message: expect.stringMatching(message) }),
  );
  expect(act).not.toThrow(new RegExp(secret));
  expect(explain('oss', { env }).sources[1]).toMatchObject({
    outcome: 'broken',
    reason: expect.stringMatching(message),
  });
});

it.each<[NodeJS.ProcessEnv, RegExp]>([
  [
    { ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/k8s' },
    /^ALIBABA_CLOUD_OIDC_PROVIDER_ARN set without ALIBABA_CLOUD_OIDC_TOKEN_FILE and ALIBABA_CLOUD_ROLE_ARN/,
  ],
  [
    { ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/token', ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r' },
    /^ALIBABA_CLOUD_OIDC_TOKEN_FILE and ALIBABA_CLOUD_ROLE_ARN set without ALIBABA_CLOUD_OIDC_PROVIDER_ARN/,
  ],
])('does not skip incomplete OIDC variables for another source: %j', (half, message) => {
  const env = { ...half, ALIBABA_CLOUD_ECS_METADATA: 'instance-role' };
  expect(() => resolveCredentials('oss', { env })).toThrow(
    expect.objectContaining({ code: 'BrokenCredentials', message: expect.stringMatching(message) }),
  );
  expect(explain('oss', { env }).sources[3]).toMatchObject({ outcome: 'broken' });
});

it('does not read a role’s ARN alone as incomplete OIDC variables: other tools read it too', async () => {
  const env = { ...GENERAL, ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r' };
  expect(await idOf('oss', env)).toBe('general-id');
  expect(explain('oss', { env }).sources[3]).toMatchObject({ outcome: 'skipped' });
});

it('reports, as resolving does, that the role cannot be requested, before any request', () => {
  const env = { ...OSS, OSS_STS_ROLE_ARN: 'uploader' };
  const explanation = explain('oss', { env });
  expect(explanation.method).toBeUndefined();
  expect(explanation.sources.at(-1)).toEqual({
    source: 'OSS_STS_ROLE_ARN',
    outcome: 'broken',
    reason: expect.stringMatching(/^Role ARN is "uploader": give acs:ram::/),
  });
  expect(() => resolveCredentials('oss', { env })).toThrow(/^Role ARN is "uploader"/);
});

it('refuses a role ARN of the wrong form before any request', () => {
  const env = { ...OSS, OSS_STS_ROLE_ARN: 'role/uploader' };
  expect(() => resolveCredentials('oss', { env })).toThrow(
    expect.objectContaining({
      code: 'InvalidRoleArn',
      message: expect.stringContaining('"role/uploader"'),
    }),
  );
});

it('asks STS in the region given, else that of the context, of the environment, cn-hangzhou', () => {
  const env = { ALIBABA_CLOUD_REGION_ID: ' cn-shanghai ' };
  const elsewhere = { ...context, region: 'cn-shenzhen' };
  expect(regionOf({ region: 'cn-beijing', context: elsewhere, env })).toBe('cn-beijing');
  expect(regionOf({ context: elsewhere, env })).toBe('cn-shenzhen');
  expect(regionOf({ env })).toBe('cn-shanghai');
  expect(regionOf({ env: { ALIBABA_CLOUD_REGION_ID: ' ' } })).toBe('cn-hangzhou');
});

it.each([
  ['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET'],
  ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY'],
  ['ALIBABACLOUD_ACCESS_KEY_ID', 'ALIBABACLOUD_ACCESS_KEY_SECRET'],
  ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET'],
])('names %s and %s, which only other tools read, if they are set', (id, secret) => {
  const reasons = (env: NodeJS.ProcessEnv) => explain('oss', { env }).sources[1]?.reason;
  expect(reasons({ [id]: 'x', [secret]: 'y' })).toContain(
    `${id} and ${secret}, which are set, not`,
  );
  expect(reasons({ [secret]: 'y' })).toContain(` ${secret}, which is set, not read`);
});

it('names no variable of a family that has none for a token', async () => {
  const env = { MPAAS_AK_ENV: 'x', '': 'a variable without a name' };
  await expect(idOf('mpaas', env)).rejects.toThrow(/^MPAAS_AK_ENV set without MPAAS_SK_ENV/);
});
