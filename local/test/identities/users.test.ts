import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { ADMINISTRATOR_ACCESS } from '#src/identities/administrator-access';
import { Identities } from '#src/identities/identities';
import type { AccessKey } from '#src/identities/types';

const ALICE = {
  name: 'alice',
  accessKeyId: 'LTAI-alice',
  accessKeySecret: 'alice-secret',
  policies: [ADMINISTRATOR_ACCESS],
};

const allow = (action: string) => ({
  name: 'some',
  document: { Version: '1', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] },
});

const SEND = { action: 'mns:SendMessage', resource: 'acs:mns:cn-hangzhou:1:/queues/q/messages' };

function account() {
  const identities = new Identities({
    clock: new DrivenClock(),
    accountId: '1',
    accessKeyId: 'owner',
    accessKeySecret: 'owner-secret',
  });
  const key = (id: string): AccessKey => {
    const found = identities.findAccessKey(id);
    if (!found) throw new Error(`No key ${id}`);
    return found;
  };
  return { identities, key };
}

describe('a RAM user', () => {
  it('is found by its pair, which has neither token nor expiry', () => {
    const { identities, key } = account();
    identities.defineUser(ALICE);
    expect(key('LTAI-alice')).toEqual({
      accessKeyId: 'LTAI-alice',
      accessKeySecret: 'alice-secret',
      principal: { kind: 'user', accountId: '1', arn: 'acs:ram::1:user/alice' },
    });
  });

  it('may do what its policies allow and nothing else', () => {
    const { identities, key } = account();
    identities.defineUser({ ...ALICE, policies: [allow('mns:SendMessage')] });
    expect(identities.authorize(key('LTAI-alice'), SEND)).toEqual({
      allowed: true,
      statement: { policy: 'some', statement: 1 },
    });
    expect(
      identities.authorize(key('LTAI-alice'), { ...SEND, action: 'oss:PutObject' }),
    ).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('by user "alice": no statement of its policies allows it'),
    });
  });

  it('with administrator access may do everything', () => {
    const { identities, key } = account();
    identities.defineUser(ALICE);
    expect(identities.authorize(key('LTAI-alice'), SEND)).toEqual({
      allowed: true,
      statement: { policy: 'AdministratorAccess', statement: 1 },
    });
  });

  it('that is defined again has only the new pair', () => {
    const { identities } = account();
    identities.defineUser(ALICE);
    identities.defineUser({ ...ALICE, accessKeyId: 'LTAI-rotated' });
    expect(identities.findAccessKey('LTAI-alice')).toBeUndefined();
    expect(identities.findAccessKey('LTAI-rotated')).toBeDefined();
  });

  it.each([
    ['the account', 'acs:ram::1:root'],
    ['the user', 'acs:ram::1:user/alice'],
  ])('may assume a role that trusts %s', (_, trusted) => {
    const { identities, key } = account();
    identities.defineUser({ ...ALICE, policies: [allow('sts:AssumeRole')] });
    const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: trusted } };
    identities.defineRole({
      name: 'target',
      trust: { Version: '1', Statement: [statement] },
      policies: [],
    });
    const request = { role: 'target', sessionName: 'alice', durationSeconds: 900 };
    expect(identities.assumeRole({ ...request, by: { key: key('LTAI-alice') } })).toBeDefined();
    identities.defineUser({ ...ALICE, policies: [allow('oss:*')] });
    expect(() => identities.assumeRole({ ...request, by: { key: key('LTAI-alice') } })).toThrow(
      /sts:AssumeRole on acs:ram::1:role\/target by user "alice"/,
    );
  });

  it.each([
    ['a name with a slash', { name: 'a/b' }, /the name is wrong/],
    ['an empty id', { accessKeyId: '' }, /is empty/],
    ['an empty secret', { accessKeySecret: '' }, /is empty/],
    ['a secret with a line feed', { accessKeySecret: 'x\n' }, /holds a blank/],
    ["the account's own id", { accessKeyId: 'owner' }, /is the account's own/],
    ['the id of another user', { accessKeyId: 'LTAI-bob' }, /is that of user "bob"/],
    ['a wrong policy', { policies: [{ name: 'p', document: {} }] }, /RAM user "alice", policy "p"/],
  ])('is refused with %s', (_, wrong, message) => {
    const { identities } = account();
    identities.defineUser({ ...ALICE, name: 'bob', accessKeyId: 'LTAI-bob' });
    expect(() => identities.defineUser({ ...ALICE, ...wrong })).toThrow(message);
  });
});
