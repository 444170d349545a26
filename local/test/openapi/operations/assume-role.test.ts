import StsClient, { AssumeRoleRequest } from '@alicloud/sts20150401';
import OSS from 'ali-oss';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ALICE,
  OWNER,
  refusalOf,
  roleArn,
  type SdkKey,
  sdkConfig,
  startAccount,
  type TestAccount,
} from '#test/openapi/account';

let account: TestAccount;
beforeEach(async () => {
  account = await startAccount();
});
afterEach(() => account.server.close());

const sts = (key: SdkKey) => new StsClient(sdkConfig(account, key));

const request = (rest: object = {}) =>
  new AssumeRoleRequest({ roleArn: roleArn('target'), roleSessionName: 'alice-1', ...rest });

describe('AssumeRole with the official STS client (ACS3)', () => {
  it('gives a user a credential that the account knows, for an hour', async () => {
    const { body } = await sts(ALICE).assumeRole(request());
    expect(body?.credentials?.accessKeyId).toMatch(/^STS\./);
    const key = account.identities.findAccessKey(body?.credentials?.accessKeyId ?? '');
    expect(key).toMatchObject({
      accessKeySecret: body?.credentials?.accessKeySecret,
      securityToken: body?.credentials?.securityToken,
      principal: { arn: `acs:ram::${ACCOUNT}:assumed-role/target/alice-1` },
    });
    expect(Date.parse(body?.credentials?.expiration ?? '')).toBe(key?.expiration);
    const left = (key?.expiration ?? 0) - account.clock.now();
    expect(Math.round(left / 1000 / 60)).toBe(60);
    expect(body?.assumedRoleUser).toMatchObject({
      arn: `${roleArn('target')}/alice-1`,
      assumedRoleId: expect.stringMatching(/^\d{18}:alice-1$/),
    });
    expect(body?.requestId).toMatch(/^[0-9A-F-]{36}$/);
  });

  it('lets a role assume another, with its token, and that one a third', async () => {
    const { body } = await sts(account.keyOf('caller')).assumeRole(request());
    const second = await sts(body?.credentials ?? {}).assumeRole(
      request({ roleSessionName: 'chained', durationSeconds: 7200 }),
    );
    expect(second.body?.assumedRoleUser?.arn).toBe(`${roleArn('target')}/chained`);
  });

  it('narrows by the session policy', async () => {
    const policy = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'oss:GetObject', Resource: '*' }],
    });
    const { body } = await sts(ALICE).assumeRole(request({ policy }));
    const key = account.identities.findAccessKey(body?.credentials?.accessKeyId ?? '');
    const allowed = (action: string) =>
      key && account.identities.authorize(key, { action, resource: 'acs:oss:*:1:b/k' }).allowed;
    expect(allowed('oss:GetObject')).toBe(true);
    expect(allowed('oss:PutObject')).toBe(false);
  });

  it("is refused to the account's own pair", async () => {
    expect(await refusalOf(sts(OWNER).assumeRole(request()))).toMatchObject({
      code: 'NoPermission',
      statusCode: 403,
      message: expect.stringContaining('Roles may not be assumed by root accounts'),
    });
  });

  it('is refused to a role without the permission, naming the action', async () => {
    expect(await refusalOf(sts(account.keyOf('bare')).assumeRole(request()))).toMatchObject({
      code: 'NoPermission',
      message: expect.stringContaining('sts:AssumeRole on acs:ram::'),
    });
  });

  it('is refused by a role that trusts others', async () => {
    expect(
      await refusalOf(sts(ALICE).assumeRole(request({ roleArn: roleArn('bare') }))),
    ).toMatchObject({ code: 'NoPermission', message: expect.stringContaining('Principal: RAM') });
  });

  it.each<[string, object, string, number]>([
    ['no role ARN', { roleArn: undefined }, 'MissingRoleArn', 400],
    ['an empty role ARN', { roleArn: '' }, 'MissingRoleArn', 400],
    ['a role name', { roleArn: 'target' }, 'InvalidParameter.RoleArn', 400],
    [
      "a user's ARN",
      { roleArn: `acs:ram::${ACCOUNT}:user/alice` },
      'InvalidParameter.RoleArn',
      400,
    ],
    ['an ARN with a blank', { roleArn: ` ${roleArn('target')}` }, 'InvalidParameter.RoleArn', 400],
    ['an unknown role', { roleArn: roleArn('nobody') }, 'EntityNotExist.Role', 404],
    ["another account's role", { roleArn: 'acs:ram::7:role/target' }, 'EntityNotExist.Role', 404],
    ['no session name', { roleSessionName: undefined }, 'MissingRoleSessionName', 400],
    [
      'a session name with a blank',
      { roleSessionName: 'a b' },
      'InvalidParameter.RoleSessionName',
      400,
    ],
    ['14 minutes', { durationSeconds: 899 }, 'InvalidParameter.DurationSeconds', 400],
    [
      'more than the role allows',
      { durationSeconds: 7201 },
      'InvalidParameter.DurationSeconds',
      400,
    ],
    ['a negative duration', { durationSeconds: -900 }, 'InvalidParameter.DurationSeconds', 400],
    ['half a second', { durationSeconds: 900.5 }, 'InvalidParameter.DurationSeconds', 400],
    ['a policy that is no JSON', { policy: '{' }, 'InvalidParameter.PolicyGrammar', 400],
    ['a policy over 2048', { policy: 'x'.repeat(2049) }, 'InvalidParameter.PolicySize', 400],
    ['an external id of one letter', { externalId: 'x' }, 'InvalidParameter.ExternalId', 400],
    ['a source identity', { sourceIdentity: 'me' }, 'NotImplemented', 501],
  ])('is refused with %s', async (_, rest, code, statusCode) => {
    expect(await refusalOf(sts(ALICE).assumeRole(request(rest)))).toMatchObject({
      code,
      ...(statusCode < 500 && { statusCode }),
    });
  });
});

describe("AssumeRole with ali-oss' own STS client (RPC)", () => {
  const client = (key = ALICE) => new OSS.STS({ ...key, ...{ endpoint: account.server.url } });

  it('gives a credential, narrowed by a policy', async () => {
    const policy = {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'oss:GetObject', Resource: '*' }],
    };
    const { credentials } = await client().assumeRole(roleArn('target'), policy, 900, 'session-1');
    expect(account.identities.findAccessKey(credentials.AccessKeyId)).toMatchObject({
      securityToken: credentials.SecurityToken,
      principal: { arn: `acs:ram::${ACCOUNT}:assumed-role/target/session-1` },
    });
  });

  it('is refused with a wrong secret, which no error shows', async () => {
    const wrong = { ...ALICE, accessKeySecret: 'not-the-secret' };
    const refusal = await refusalOf(client(wrong).assumeRole(roleArn('target')));
    expect(refusal).toMatchObject({ status: 400, code: 'SignatureDoesNotMatch' });
    expect(refusal.message).not.toContain(ALICE.accessKeySecret);
    expect(refusal.message).not.toContain('not-the-secret');
  });
});
