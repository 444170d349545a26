import { DrivenClock } from '#src/clock';
import { AssumeRoleError } from '#src/identities/assume-role-error';
import { Identities } from '#src/identities/identities';
import type { AccessKey } from '#src/identities/types';

export const SEND = {
  action: 'mns:SendMessage',
  resource: 'acs:mns:cn-hangzhou:1:/queues/orders/messages',
};
export const HOUR_MS = 3_600_000;

export const policy = (...actions: string[]) => ({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

export const trust = (principal: object) => ({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
});

export const FC = trust({ Service: ['fc.aliyuncs.com'] });

/** Returns an account on a driven clock; `issue` assumes a role for FC and finds the key. */
export function account() {
  const clock = new DrivenClock(Date.parse('2030-06-15T12:00:00.750Z'));
  const identities = new Identities({
    clock,
    accountId: '1',
    accessKeyId: 'owner',
    accessKeySecret: 'owner-secret',
  });
  const issue = (role: string, rest: object = {}): AccessKey => {
    const issued = identities.assumeRole({
      role,
      sessionName: 'run-1',
      durationSeconds: 3600,
      ...rest,
    });
    const key = identities.findAccessKey(issued.accessKeyId);
    if (!key) throw new Error('The key just issued is not found');
    return key;
  };
  return { clock, identities, issue };
}

/** Returns AssumeRole's refusal. */
export function refusalOf(run: () => unknown): AssumeRoleError {
  try {
    run();
  } catch (error) {
    if (error instanceof AssumeRoleError) return error;
    throw error;
  }
  throw new Error('AssumeRole was granted');
}
