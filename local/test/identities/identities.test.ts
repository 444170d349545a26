import { describe, expect, it } from 'vitest';
import { account, FC, HOUR_MS, policy, SEND } from './account.ts';

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

  it('is found with the role session that it belongs to', () => {
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
    expect(identities.authorize(key, SEND)).toEqual({
      allowed: true,
      statement: { policy: 'send', statement: 1 },
    });
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
