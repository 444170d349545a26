import StsClient from '@alicloud/sts20150401';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ALICE,
  OWNER,
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

async function whoIs(key: SdkKey) {
  const client = new StsClient(sdkConfig(account, key));
  return (await client.getCallerIdentity()).body;
}

describe('GetCallerIdentity', () => {
  it('names the account for its own pair', async () => {
    expect(await whoIs(OWNER)).toMatchObject({
      identityType: 'Account',
      accountId: ACCOUNT,
      arn: `acs:ram::${ACCOUNT}:root`,
      principalId: ACCOUNT,
      userId: ACCOUNT,
    });
  });

  it('names a user, always with the same id', async () => {
    const first = await whoIs(ALICE);
    expect(first).toMatchObject({
      identityType: 'RAMUser',
      arn: `acs:ram::${ACCOUNT}:user/alice`,
      userId: expect.stringMatching(/^\d{18}$/),
    });
    expect((await whoIs(ALICE))?.userId).toBe(first?.userId);
  });

  it('names a role and its session, though its policies allow nothing', async () => {
    const identity = await whoIs(account.keyOf('bare'));
    expect(identity).toMatchObject({
      identityType: 'AssumedRoleUser',
      arn: `acs:ram::${ACCOUNT}:assumed-role/bare/run-1`,
      principalId: `${identity?.roleId}:run-1`,
    });
    expect(identity?.userId).toBeUndefined();
  });
});
