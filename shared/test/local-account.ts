import type { FunctionContext } from '#src/context/context';
import { DrivenClock } from '../../local/src/clock.ts';
import { Identities } from '../../local/src/identities/identities.ts';
import { fakeContext } from '../../test/fake-context.ts';

export const ACCOUNT = '1000000000000001';
export const REGION = 'cn-hangzhou';
export const OWNER = { accessKeyId: 'owner-id', accessKeySecret: 'owner-secret-0123456789' };

const TRUST = {
  Version: '1',
  Statement: [
    { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: ['fc.aliyuncs.com'] } },
  ],
};

/** An account with one role, which may do `actions` on anything, and `context`: one of a function with that role, with a fresh credential each time. */
export function localAccount(actions: string[]) {
  const clock = new DrivenClock();
  const identities = new Identities({ clock, accountId: ACCOUNT, ...OWNER });
  const document = {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: ['*'] }],
  };
  const policies = [{ name: 'policy', document }];
  identities.defineRole({ name: 'function-role', trust: TRUST, policies });

  const session = { role: 'function-role', sessionName: 'test', durationSeconds: 3600 };
  const context = (): FunctionContext =>
    fakeContext({
      accountId: ACCOUNT,
      region: REGION,
      credentials: identities.assumeRole(session),
    });
  return { clock, identities, context };
}
