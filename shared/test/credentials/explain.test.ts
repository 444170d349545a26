import { expect, it } from 'vitest';
import { explain } from '#src/credentials/explain';
import type { Service } from '#src/credentials/resolve';
import { GENERAL, MNS, MPAAS, OSS } from './variables.ts';

const secret = 'do-not-print-me';

it.each<[NodeJS.ProcessEnv, string, number]>([
  [{ ALIBABA_CLOUD_CREDENTIALS_FILE: '/etc/config.ini' }, 'AccessKey pair', 4],
  [{ ALIBABA_CLOUD_ECS_METADATA: 'role' }, 'ECSRAMRole', 5],
  [{ ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1/c' }, 'CredentialsURI', 6],
  [{ ...MNS }, 'STS token', 1],
  [{ ...GENERAL, ALIBABA_CLOUD_SECURITY_TOKEN: 'token' }, 'STS token', 2],
  [
    {
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/p',
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/token',
      ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r',
    },
    'OIDCRoleARN',
    3,
  ],
])('explains %j as %s', (env, method, index) => {
  const { sources, ...explanation } = explain('smq', { env });
  expect(explanation.method).toBe(method);
  expect(sources[index]).toMatchObject({ outcome: 'used', reason: method });
  expect(sources.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(6);
});

it('explains which source is used and why each other one is not, without a secret', () => {
  const explanation = explain('oss', {
    env: { ...OSS, ...GENERAL, ALIBABA_CLOUD_CREDENTIALS_URI: `http://127.0.0.1/?key=${secret}` },
  });
  expect(explanation).toMatchObject({
    method: 'AccessKey pair',
    sources: [
      {
        source: 'context.credentials',
        outcome: 'skipped',
        reason: expect.stringContaining('no context'),
      },
      { source: 'OSS_ACCESS_KEY_ID', outcome: 'used', reason: 'AccessKey pair' },
      {
        source: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
        outcome: 'not reached',
        reason: 'AccessKey pair, but OSS_ACCESS_KEY_ID comes first',
      },
      { source: 'ALIBABA_CLOUD_OIDC_PROVIDER_ARN', outcome: 'skipped' },
      { source: 'ALIBABA_CLOUD_CREDENTIALS_FILE', outcome: 'skipped' },
      { source: 'ALIBABA_CLOUD_ECS_METADATA', outcome: 'skipped' },
      { source: 'ALIBABA_CLOUD_CREDENTIALS_URI', outcome: 'not reached' },
    ],
    warnings: [expect.stringMatching(/long-term pair.*CredentialsURI.*unset the pair/)],
  });
  expect(JSON.stringify(explanation)).not.toMatch(
    new RegExp(`${secret}|oss-secret|general-secret`),
  );
});

it('explains that a pair only serves to assume the role in its variable, without the warning', () => {
  const explanation = explain('oss', {
    env: { ...OSS, OSS_STS_ROLE_ARN: 'acs:ram::1:role/uploader' },
  });
  expect(explanation.method).toBe('RAMRoleARN');
  expect(explanation.sources[1]?.reason).toBe(
    'AccessKey pair, to assume the role in OSS_STS_ROLE_ARN',
  );
  expect(explanation.warnings).toEqual([]);
});

it.each([
  ['oss', OSS, /set OSS_STS_ROLE_ARN/],
  ['mpaas', MPAAS, /set RAM_ROLE_ARN/],
  ['smq', GENERAL, /set MNS_SESSION_TOKEN/],
] as const)(
  'advises a temporary credential where %s runs on a long-term pair',
  (service, env, advice) => {
    expect(explain(service, { env }).warnings).toEqual([expect.stringMatching(advice)]);
  },
);

it.each<[Service, string, string]>([
  ['smq', 'SMQ_ENDPOINT', 'https://YOUR_ACCOUNT_ID.mns.YOUR_REGION.aliyuncs.com'],
  ['smq', 'SMQ_ENDPOINT', 'http://<account>.mns.cn-hangzhou.aliyuncs.com'],
  ['oss', 'OSS_ENDPOINT', 'https://oss-<region>.aliyuncs.com'],
  ['mpaas', 'MPAAS_ENDPOINT', '%MPAAS_ENDPOINT%'],
])('explains for %s that %s holds a placeholder: %s', (service, name, value) => {
  const { warnings } = explain(service, { env: { [name]: value } });
  expect(warnings).toEqual([expect.stringMatching(`^${name} is .*, with a placeholder in it: `)]);
});

it('does not warn of valid addresses, whatever their region', () => {
  const env = { SMQ_ENDPOINT: 'https://123.mns.cn-beijing.aliyuncs.com' };
  expect(explain('smq', { env, region: 'cn-hangzhou' }).warnings).toEqual([]);
});

it('uses no source after a broken one, and says so', () => {
  const env = { OSS_ACCESS_KEY_ID: 'x', ...GENERAL };
  const { method, sources } = explain('oss', { env });
  expect(method).toBeUndefined();
  expect(sources.map(({ outcome }) => outcome).slice(0, 3)).toEqual([
    'skipped',
    'broken',
    'not reached',
  ]);
});
