import StsClient, { AssumeRoleWithOIDCRequest } from '@alicloud/sts20150401';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  PROVIDER_ARN,
  refusalOf,
  roleArn,
  sdkConfig,
  startAccount,
  type TestAccount,
} from '#test/openapi/account';

let account: TestAccount;
beforeEach(async () => {
  account = await startAccount();
});
afterEach(() => account.server.close());

function assume(rest: object = {}) {
  const client = new StsClient(
    sdkConfig(account, { accessKeyId: 'unused', accessKeySecret: 'unused' }),
  );
  return client.assumeRoleWithOIDC(
    new AssumeRoleWithOIDCRequest({
      OIDCProviderArn: PROVIDER_ARN,
      OIDCToken: token(),
      roleArn: roleArn('pod'),
      roleSessionName: 'pod-1',
      ...rest,
    }),
  );
}

function token(claims: object = {}): string {
  const now = Math.floor(account.clock.now() / 1000);
  const valid = { aud: 'sts.aliyuncs.com', sub: 'pod-1', iat: now, exp: now + 600 };
  return account.issuer.token({ ...valid, ...claims });
}

describe('AssumeRoleWithOIDC with the official STS client', () => {
  it('gives a credential for a token, without any signature', async () => {
    const { body } = await assume();
    const key = account.identities.findAccessKey(body?.credentials?.accessKeyId ?? '');
    expect(key).toMatchObject({
      securityToken: body?.credentials?.securityToken,
      principal: { arn: `acs:ram::${ACCOUNT}:assumed-role/pod/pod-1` },
    });
    const now = Math.floor(account.clock.now() / 1000) * 1000;
    expect(body?.OIDCTokenInfo).toMatchObject({
      subject: 'pod-1',
      issuer: account.issuer.issuer,
      clientIds: 'sts.aliyuncs.com',
      issuanceTime: new Date(now).toISOString().replace('.000', ''),
      expirationTime: new Date(now + 600_000).toISOString().replace('.000', ''),
      verificationInfo: 'Success',
    });
  });

  it('takes a token of 16 000 characters in the query', async () => {
    const { body } = await assume({ OIDCToken: token({ groups: 'x'.repeat(11_500) }) });
    expect(body?.credentials?.accessKeyId).toMatch(/^STS\./);
  });

  it.each<[string, () => object, string, number]>([
    ['no token', () => ({ OIDCToken: undefined }), 'MissingOIDCToken', 400],
    ['no provider', () => ({ OIDCProviderArn: undefined }), 'MissingOIDCProviderArn', 400],
    [
      'a provider name in place of its ARN',
      () => ({ OIDCProviderArn: 'idp' }),
      'AuthenticationFail.NoPermission',
      403,
    ],
    [
      'an unknown provider',
      () => ({ OIDCProviderArn: `${PROVIDER_ARN}2` }),
      'AuthenticationFail.NoPermission',
      403,
    ],
    ['three characters', () => ({ OIDCToken: 'a.b' }), 'AuthenticationFail.OIDCToken.Invalid', 401],
    [
      'a token too long',
      () => ({ OIDCToken: 'x'.repeat(20_001) }),
      'AuthenticationFail.OIDCToken.Invalid',
      401,
    ],
    ['no JWT', () => ({ OIDCToken: 'no token' }), 'AuthenticationFail.OIDCToken.Invalid', 401],
    [
      'an expired token',
      () => ({ OIDCToken: token({ exp: 1_000_000_000 }) }),
      'AuthenticationFail.OIDCToken.Expired',
      401,
    ],
    [
      'a subject that the trust policy does not name',
      () => ({ OIDCToken: token({ sub: 'pod-2' }) }),
      'AuthenticationFail.NoPermission',
      403,
    ],
    ['an unknown role', () => ({ roleArn: roleArn('nobody') }), 'EntityNotExist.Role', 404],
    ['a role name', () => ({ roleArn: 'pod' }), 'InvalidParameter.RoleArn', 400],
    [
      'a duration past the maximum',
      () => ({ durationSeconds: 3601 }),
      'InvalidParameter.DurationSeconds',
      400,
    ],
  ])('is refused for %s', async (_, rest, code, statusCode) => {
    expect(await refusalOf(assume(rest()))).toMatchObject({ code, statusCode });
  });
});
