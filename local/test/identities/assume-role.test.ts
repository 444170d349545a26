import { describe, expect, it } from 'vitest';
import { account, FC, policy, refusalOf, trust } from './account.ts';

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
