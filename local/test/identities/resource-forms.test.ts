import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { LocalCloudError } from '#src/errors';
import { Identities } from '#src/identities/identities';
import { parsePolicy } from '#src/identities/policy';

const read = (statement: object) =>
  parsePolicy('p', { Version: '1', Statement: [{ Action: '*', ...statement }] }, 'Role "r"');
const deny = (resource: string) => read({ Effect: 'Deny', Resource: resource });
const allow = (resource: string) => read({ Effect: 'Allow', Resource: resource });

describe('a resource that nothing can match', () => {
  it.each([
    // OSS: the region is *, always.
    'acs:oss:oss-cn-hangzhou:*:box/secret/*',
    'acs:oss:cn-hangzhou:*:box/secret/*',
    'acs:oss::*:box',
    'acs:oss:oss-*:*:box/*',
    'acs:oss:*::box/*',
    'acs:oss:*:me:box',
    'acs:oss:*:*:/box/secret/*',
    'acs:oss:*:*:Box/secret/*',
    'acs:OSS:*:*:box/secret/*',
    'acs:o?s:oss-cn-hangzhou:*:box/secret/*',
    // SMQ: with a slash, and the parts with their names.
    'acs:mns:*:*:queues/orders/messages',
    'acs:mns:*:*:/queue/orders/messages',
    'acs:mns:*:*:/queues/orders/message',
    'acs:mns:*:*:/queues/orders/',
    'acs:mns:*:*:/topics/news/subscription/*',
    'acs:mns::*:/queues/orders',
    'acs:mns:cn-hangzhou::/queues/orders',
    // RAM, whose resources STS checks: no region.
    'acs:ram:cn-hangzhou:*:role/target',
    'acs:ram::*:roles/target',
    'acs:ram:::role/target',
    // FC
    'acs:fc:*:*:function/pay',
    'acs:fc:*:*:/functions/pay',
    'acs:fc:::functions/pay',
  ])('(%s) is refused in a Deny, and so in what an Allow leaves out', (resource) => {
    expect(() => deny(resource)).toThrow(LocalCloudError);
    expect(() => deny(resource)).toThrow(`Resource "${resource}" can match nothing`);
    expect(() => read({ Effect: 'Allow', NotResource: resource })).toThrow('can match nothing');
  });

  it('with a line separator in it is refused, as before', () => {
    expect(() => allow('acs:oss:*:*:box/a\u2028b')).toThrow('is not of the form');
  });

  it.each([
    'acs:oss:oss-cn-hangzhou:*:box/*',
    'acs:mns:*:*:queues/orders/messages',
    'acs:ram:cn-hangzhou:*:role/target',
  ])('(%s) is refused in an Allow too: no one would be allowed anything', (resource) => {
    expect(() => allow(resource)).toThrow('can match nothing');
  });

  it('is refused with what to write', () => {
    try {
      deny('acs:oss:oss-cn-hangzhou:*:box/*');
      expect.unreachable();
    } catch (error) {
      expect((error as LocalCloudError).message).toMatch(/^Role "r", policy "p", statement 1: /);
      expect((error as LocalCloudError).remedy).toContain('the region of OSS is always *');
    }
  });

  it('is refused in a session policy as STS refuses a policy', () => {
    const identities = new Identities({
      clock: new DrivenClock(),
      accountId: '42',
      accessKeyId: 'id',
      accessKeySecret: 'secret',
    });
    const trust = {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } },
      ],
    };
    identities.defineRole({ name: 'r', trust, policies: [] });
    const policy = {
      Version: '1',
      Statement: [{ Effect: 'Deny', Action: 'oss:*', Resource: 'acs:oss:oss-cn-hangzhou:*:*' }],
    };
    expect(() =>
      identities.assumeRole({ role: 'r', sessionName: 'one', durationSeconds: 900, policy }),
    ).toThrow(expect.objectContaining({ code: 'InvalidParameter.PolicyGrammar' }));
  });
});

describe('a resource that something can match', () => {
  it.each([
    '*',
    'acs:*:*:*:*',
    'acs:oss:*:*:*',
    'acs:oss:*:42:box',
    'acs:oss:*:*:box*',
    'acs:oss:*:*:*/secret/*',
    'acs:oss:*:*:box/secret/?:x',
    'acs:oss:*:*:*.jpg',
    'acs:mns:*:*:*',
    'acs:mns:cn-hangzhou:42:/queues/orders/messages',
    'acs:mns:*:*:/queues/*/messages',
    'acs:mns:*:*:/*',
    'acs:mns:*:*:/queues/orders/*',
    'acs:mns:*:*:/topics/news/subscriptions/mail',
    'acs:mns:cn-beijing:42:/queues',
    'acs:fc:*:*:functions/pay',
    'acs:fc:*:*:functions/pay*',
    'acs:fc:*:*:services/shop.*/functions/pay',
    'acs:ram::42:role/target',
    'acs:ram:*:42:role/target',
    'acs:ram:*:*:*',
    'acs:mpaas:*:*:*',
    // Services that do not exist here check nothing.
    'acs:log:cn-hangzhou:*:project/*/logstore/*',
    'acs:ecs:*:*:instance/i-1',
  ])('(%s) is read in every statement', (resource) => {
    for (const effect of ['Allow', 'Deny'])
      for (const element of ['Resource', 'NotResource'])
        expect(read({ Effect: effect, [element]: resource }).statements).toHaveLength(1);
  });

  it.each(['acs:fc:*:*:functions/pay/LATEST', 'acs:fc:*:*:layers/x', 'acs:ram::42:user/alice'])(
    '(%s) in the cloud alone is read where it allows, not where it denies',
    (resource) => {
      expect(allow(resource).statements).toHaveLength(1);
      expect(() => deny(resource)).toThrow('can match nothing');
    },
  );

  it('takes no long time, however long it is', () => {
    const long = `acs:oss:*:*:box/${'*a?'.repeat(20_000)}`;
    expect(deny(long).statements).toHaveLength(1);
  });
});
