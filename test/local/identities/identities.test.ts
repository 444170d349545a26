import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#local/clock';
import { AssumeRoleError } from '#local/identities/assume-role-error';
import { Identities } from '#local/identities/identities';
import type { AccessKey } from '#local/identities/types';

const SEND = {
  action: 'mns:SendMessage',
  resource: 'acs:mns:cn-hangzhou:1:/queues/orders/messages',
};
const HOUR_MS = 3_600_000;

const policy = (...actions: string[]) => ({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const trust = (principal: object) => ({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
});

const FC = trust({ Service: ['fc.aliyuncs.com'] });

function account() {
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

function refusalOf(run: () => unknown): AssumeRoleError {
  try {
    run();
  } catch (error) {
    if (error instanceof AssumeRoleError) return error;
    throw error;
  }
  throw new Error('AssumeRole was granted');
}

describe('the owner', () => {
  it('may do everything', () => {
    const { identities } = account();
    const key = identities.findAccessKey('owner');
    expect(key).toEqual({
      accessKeyId: 'owner',
      accessKeySecret: 'owner-secret',
      principal: { kind: 'account', accountId: '1', arn: 'acs:ram::1:root' },
    });
    expect(key && identities.authorize(key, SEND)).toEqual({ allowed: true });
  });
});

describe('a temporary credential', () => {
  it('has an STS id, a secret, a token and an expiry in whole seconds, none of them twice', () => {
    const { identities } = account();
    identities.defineRole({ name: 'sender', trust: FC, policies: [] });
    const request = { role: 'sender', sessionName: 'run-1', durationSeconds: 3600 };
    const first = identities.assumeRole(request);
    const second = identities.assumeRole(request);
    expect(first.accessKeyId).toMatch(/^STS\.N[A-Za-z0-9]{24}$/);
    expect(first.accessKeySecret).toMatch(/^[A-Za-z0-9]{44}$/);
    expect(first.securityToken).toMatch(/^CAIS[A-Za-z0-9+/=]{100,}$/);
    expect(first.expiration).toBe('2030-06-15T13:00:00Z');
    for (const key of ['accessKeyId', 'accessKeySecret', 'securityToken'] as const)
      expect(first[key]).not.toBe(second[key]);
  });

  it('is found with the role session it stands for', () => {
    const { identities, issue } = account();
    identities.defineRole({ name: 'sender', trust: FC, policies: [] });
    expect(issue('sender')).toMatchObject({
      expiration: Date.parse('2030-06-15T13:00:00Z'),
      principal: {
        kind: 'assumed-role',
        accountId: '1',
        arn: 'acs:ram::1:assumed-role/sender/run-1',
      },
    });
  });

  it('is still found for an hour after it expired, and then no more', async () => {
    const { clock, identities, issue } = account();
    identities.defineRole({ name: 'sender', trust: FC, policies: [] });
    const { accessKeyId } = issue('sender');
    await clock.advance(2 * HOUR_MS - 1000);
    expect(identities.findAccessKey(accessKeyId)).toBeDefined();
    await clock.advance(1000);
    expect(identities.findAccessKey(accessKeyId)).toBeUndefined();
  });
});

describe('authorisation', () => {
  it('follows the policies of the role', () => {
    const { identities, issue } = account();
    identities.defineRole({
      name: 'sender',
      trust: FC,
      policies: [{ name: 'send', document: policy('mns:SendMessage') }],
    });
    const key = issue('sender');
    expect(identities.authorize(key, SEND)).toEqual({ allowed: true });
    expect(identities.authorize(key, { ...SEND, action: 'mns:ReceiveMessage' })).toEqual({
      allowed: false,
      reason:
        'mns:ReceiveMessage on acs:mns:cn-hangzhou:1:/queues/orders/messages by role "sender": no statement of its policies allows it',
    });
  });

  it('says which statement denies', () => {
    const { identities, issue } = account();
    const document = {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'mns:*', Resource: '*' },
      ],
    };
    identities.defineRole({ name: 'sender', trust: FC, policies: [{ name: 'mixed', document }] });
    expect(identities.authorize(issue('sender'), SEND)).toMatchObject({
      reason: expect.stringContaining('statement 2 of policy "mixed" denies it'),
    });
  });

  it('is what both the role and the session policy allow', () => {
    const { identities, issue } = account();
    identities.defineRole({
      name: 'sender',
      trust: FC,
      policies: [{ name: 'send', document: policy('mns:SendMessage', 'mns:ReceiveMessage') }],
    });
    const key = issue('sender', { policy: JSON.stringify(policy('mns:SendMessage', 'oss:*')) });
    const allowed = (action: string) => identities.authorize(key, { ...SEND, action }).allowed;
    expect(allowed('mns:SendMessage')).toBe(true);
    expect(allowed('mns:ReceiveMessage')).toBe(false);
    expect(allowed('oss:PutObject')).toBe(false);
  });

  it('obeys the policies as they are now, for keys handed out before too', () => {
    const { identities, issue } = account();
    const role = {
      name: 'sender',
      trust: FC,
      policies: [{ name: 'p', document: policy('mns:*') }],
    };
    identities.defineRole(role);
    const key = issue('sender');
    identities.defineRole({ ...role, policies: [] });
    expect(identities.authorize(key, SEND).allowed).toBe(false);
    identities.removeRole('sender');
    expect(identities.authorize(key, SEND)).toMatchObject({
      reason: expect.stringContaining('role "sender", which is gone'),
    });
  });

  it('refuses a key the account never issued', () => {
    const { identities, issue } = account();
    identities.defineRole({ name: 'sender', trust: FC, policies: [] });
    const stranger = { ...issue('sender'), accessKeyId: 'STS.other' };
    expect(identities.authorize(stranger, SEND).allowed).toBe(false);
  });
});

describe('AssumeRole', () => {
  it('is refused to FC unless the role trusts it', () => {
    const { identities, issue } = account();
    identities.defineRole({
      name: 'sender',
      trust: trust({ Service: 'ecs.aliyuncs.com' }),
      policies: [],
    });
    const refusal = refusalOf(() => issue('sender'));
    expect(refusal).toMatchObject({ code: 'NoPermission', status: 403 });
    expect(refusal.message).toContain('fc.aliyuncs.com may not assume role "sender"');
    expect(issue('sender', { by: { service: 'ecs.aliyuncs.com' } })).toBeDefined();
  });

  it('is refused where the trust policy denies besides allowing', () => {
    const { identities, issue } = account();
    const document = {
      Version: '1',
      Statement: ['Allow', 'Deny'].map((Effect) => ({
        Effect,
        Action: 'sts:AssumeRole',
        Principal: { Service: 'fc.aliyuncs.com' },
      })),
    };
    identities.defineRole({ name: 'sender', trust: document, policies: [] });
    expect(refusalOf(() => issue('sender')).code).toBe('NoPermission');
  });

  it('is refused for an unknown role, a bad session name, a bad duration, a bad policy', () => {
    const { identities, issue } = account();
    identities.defineRole({ name: 'sender', trust: FC, policies: [] });
    const code = (role: string, rest: object = {}) => refusalOf(() => issue(role, rest)).code;
    expect(code('nobody')).toBe('EntityNotExist.Role');
    expect(code('sender', { sessionName: 'a b' })).toBe('InvalidParameter.RoleSessionName');
    expect(code('sender', { sessionName: 'a' })).toBe('InvalidParameter.RoleSessionName');
    expect(code('sender', { durationSeconds: 899 })).toBe('InvalidParameter.DurationSeconds');
    expect(code('sender', { durationSeconds: 36 * 3600 + 1 })).toBe(
      'InvalidParameter.DurationSeconds',
    );
    expect(code('sender', { durationSeconds: Number.NaN })).toBe(
      'InvalidParameter.DurationSeconds',
    );
    expect(code('sender', { policy: '{' })).toBe('InvalidParameter.PolicyGrammar');
    expect(code('sender', { policy: { Version: '1' } })).toBe('InvalidParameter.PolicyGrammar');
  });

  it('is refused to the account owner, as STS does', () => {
    const { identities, issue } = account();
    identities.defineRole({
      name: 'sender',
      trust: trust({ RAM: 'acs:ram::1:root' }),
      policies: [],
    });
    const key = identities.findAccessKey('owner');
    expect(refusalOf(() => issue('sender', { by: { key } })).message).toContain('root accounts');
  });

  it('lets a role assume another that trusts it, when its own policy says so too', () => {
    const { identities, issue } = account();
    identities.defineRole({
      name: 'target',
      trust: trust({ RAM: 'acs:ram::1:role/caller' }),
      policies: [],
    });
    identities.defineRole({
      name: 'caller',
      trust: FC,
      policies: [
        {
          name: 'chain',
          document: {
            Version: '1',
            Statement: [
              { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'acs:ram::*:role/target' },
            ],
          },
        },
      ],
    });
    identities.defineRole({ name: 'stranger', trust: FC, policies: [] });
    const by = (role: string) => ({ by: { key: issue(role) } });
    expect(issue('target', by('caller')).principal.arn).toContain('assumed-role/target/');
    expect(refusalOf(() => issue('target', by('stranger'))).code).toBe('NoPermission');
    identities.defineRole({
      name: 'target',
      trust: trust({ RAM: 'acs:ram::1:root' }),
      policies: [],
    });
    expect(refusalOf(() => issue('target', by('stranger'))).message).toContain('sts:AssumeRole on');
  });

  it('grants a key holder no more than the longest session of the role', () => {
    const { identities, issue } = account();
    const target = {
      name: 'target',
      trust: trust({ RAM: 'acs:ram::1:root' }),
      policies: [{ name: 'p', document: policy('sts:AssumeRole') }],
    };
    identities.defineRole({ ...target, name: 'caller', trust: FC });
    identities.defineRole(target);
    const by = { key: issue('caller') };
    expect(refusalOf(() => issue('target', { by, durationSeconds: 3601 })).code).toBe(
      'InvalidParameter.DurationSeconds',
    );
    identities.defineRole({ ...target, maxSessionDuration: 7200 });
    expect(issue('target', { by, durationSeconds: 7200 })).toBeDefined();
  });
});

describe('a trust policy', () => {
  const statement = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { RAM: 'acs:ram::1:root' },
  };
  it.each<[string, object, RegExp]>([
    ['another action', { ...statement, Action: 'oss:*' }, /write sts:AssumeRole/],
    ['no Principal', { ...statement, Principal: undefined }, /Principal is missing/],
    [
      'a SAML identity provider',
      { ...statement, Principal: { Federated: 'acs:ram::1:saml-provider/x' } },
      /is no OIDC provider.*write acs:ram::<account>:oidc-provider/,
    ],
    [
      'a kind of principal that RAM does not have',
      { ...statement, Principal: { AWS: '*' } },
      /"AWS" is not evaluated.*Service, RAM, Federated/,
    ],
    [
      'a condition on a claim that is not evaluated',
      { ...statement, Condition: { StringEquals: { 'oidc:email': 'x' } } },
      /"oidc:email" is not evaluated.*oidc:sub/,
    ],
    [
      'an operator that text does not have',
      { ...statement, Condition: { NumericEquals: { 'oidc:sub': 'x' } } },
      /"NumericEquals" does not go with oidc:sub/,
    ],
    [
      'a number in place of text',
      { ...statement, Condition: { StringEquals: { 'oidc:sub': 7 } } },
      /7 is no text/,
    ],
    ['an empty name', { ...statement, Principal: { RAM: [''] } }, /Principal RAM is ""/],
    ['a Resource', { ...statement, Resource: '*' }, /"Resource" is no element of a trust policy/],
  ])('is refused with %s', (_, wrong, remedy) => {
    const { identities } = account();
    const document = { Version: '1', Statement: [wrong] };
    const define = () => identities.defineRole({ name: 'sender', trust: document, policies: [] });
    try {
      define();
      expect.unreachable();
    } catch (error) {
      expect(
        `${error instanceof Error ? error.message : ''}: ${Reflect.get(Object(error), 'remedy')}`,
      ).toMatch(remedy);
    }
    expect(define).toThrow(/^Role "sender", trust policy, statement 1: /);
  });
});
