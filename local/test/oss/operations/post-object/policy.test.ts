import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OWNER, startTestCloud, type TestCloud } from '../../helpers.ts';
import { encodePolicy, file, formsFor, HOUR, outcome } from './forms.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const { inAnHour, nothingStored, post, signedV1, signedV4 } = formsFor(() => cloud);

describe('the policy of a form', () => {
  it.each<[string, unknown, Record<string, string>, boolean]>([
    ['eq', ['eq', '$key', 'user/a'], { key: 'user/a' }, true],
    ['eq', ['eq', '$key', 'user/a'], { key: 'user/b' }, false],
    [
      'eq without a dollar',
      ['eq', 'success_action_status', '200'],
      { success_action_status: '201' },
      false,
    ],
    ['eq for an empty field', ['eq', '$x-oss-meta-a', ''], { 'x-oss-meta-a': '' }, true],
    ['a map', { 'x-oss-object-acl': 'private' }, { 'x-oss-object-acl': 'public-read' }, false],
    ['a map', { 'X-Oss-Object-Acl': 'private' }, { 'x-oss-object-acl': 'private' }, true],
    ['the bucket', { bucket: 'other' }, {}, false],
    ['starts-with', ['starts-with', '$key', 'user/'], { key: 'user/a' }, true],
    ['starts-with', ['starts-with', '$key', 'user/'], { key: 'other/user/' }, false],
    ['in', ['in', '$content-type', ['image/jpeg', 'image/png']], {}, true],
    ['in', ['in', '$content-type', ['image/png']], {}, false],
    ['not-in', ['not-in', '$cache-control', ['no-cache']], { 'Cache-Control': 'no-cache' }, false],
    ['not-in', ['not-in', '$cache-control', ['no-cache']], {}, true],
    ['UTF-8', ['eq', '$key', 'ü/日本'], { key: 'ü/日本' }, true],
  ])('holds a condition of the form %s: %j', async (_, condition, fields, holds) => {
    const reply = await post({ key: 'k', ...fields, ...signedV4({ conditions: [condition] }) });
    if (holds) return expect(reply.status).toBeLessThan(300);
    expect(outcome(reply)).toEqual([403, 'AccessDenied', '0006-00000227']);
    expect(reply.element('Message')).toContain('Policy Condition failed');
    nothingStored();
  });

  it.each([
    [['eq', '$x-oss-meta-a', 'b']],
    [['eq', '$callback', '']],
    [['starts-with', '$x-oss-meta-a', '']],
    [['in', '$cache-control', ['', 'no-cache']]],
    [{ 'x-oss-object-acl': 'private' }],
  ])('refuses a form without a field that a condition names: %j', async (condition) => {
    const reply = await post({ key: 'k', ...signedV4({ conditions: [condition] }) });
    expect(outcome(reply)).toEqual([403, 'AccessDenied', '0006-00000226']);
    expect(reply.element('Message')).toContain('Policy Condition failed');
    nothingStored();
  });

  it('limits the size while the file arrives', async () => {
    const conditions = [['content-length-range', 3, 5]];
    const send = (size: number) =>
      post({ key: 'a', ...signedV4({ conditions }) }, [file('x'.repeat(size))]);
    expect(outcome(await send(2))).toEqual([400, 'EntityTooSmall', '0006-00000004']);
    expect(outcome(await send(6))).toEqual([400, 'EntityTooLarge', '0006-00000004']);
    expect(outcome(await send(3_000_000))).toEqual([400, 'EntityTooLarge', '0006-00000004']);
    nothingStored();
    expect((await send(3)).status).toBe(204);
    expect((await send(5)).status).toBe(204);
  });

  it('ends when its time is over', async () => {
    const fields = { key: 'a', ...signedV1() };
    await cloud.clock.advance(HOUR + 1000);
    const reply = await post(fields);
    expect(outcome(reply)).toEqual([403, 'AccessDenied', '0006-00000213']);
    expect(reply.element('Message')).toBe('Invalid according to Policy: Policy expired.');
  });

  it('cannot be changed once signed, nor signed with another secret', async () => {
    const wide = encodePolicy({ expiration: inAnHour(), conditions: [] });
    for (const sign of [signedV1, signedV4]) {
      expect(outcome(await post({ key: 'a', ...sign(), policy: wide }))).toEqual([
        403,
        'SignatureDoesNotMatch',
        '0002-00000040',
      ]);
      const as = { ...OWNER, accessKeySecret: 'wrong' };
      expect(outcome(await post({ key: 'a', ...sign({ as }) }))[1]).toBe('SignatureDoesNotMatch');
    }
    nothingStored();
  });

  it('of version 4 is valid for seven days, by a clock that is not ahead, and names its fields', async () => {
    const expiration = new Date(cloud.clock.now() + 30 * 24 * HOUR).toISOString();
    const old = signedV4({ time: cloud.clock.now() - 7 * 24 * HOUR - 1000 });
    expect(outcome(await post({ key: 'a', ...old }))[1]).toBe('AccessDenied');
    const early = signedV4({ time: cloud.clock.now() + HOUR });
    expect(outcome(await post({ key: 'a', ...early }))[1]).toBe('RequestTimeTooSkewed');
    const bare = signedV4({ document: { expiration, conditions: [] } });
    expect(outcome(await post({ key: 'a', ...bare }))[1]).toBe('InvalidPolicyDocument');
  });

  it.each<[string, unknown]>([
    ['0006-00000201', 'no map'],
    ['0006-00000206', { expiration: '2030-01-01T00:00:00Z', conditions: [], more: 1 }],
    ['0006-00000207', { expiration: '2030-01-01T00:00:00Z' }],
    ['0006-00000208', { conditions: [] }],
    ['0006-00000209', {}],
    ['0006-00000210', { expiration: 1, conditions: [] }],
    ['0006-00000211', { expiration: '', conditions: [] }],
    ['0006-00000212', { expiration: 'tomorrow', conditions: [] }],
    ['0006-00000214', { expiration: '2030-01-01T00:00:00Z', conditions: 1 }],
    ['0006-00000216', { expiration: '2030-01-01T00:00:00Z', conditions: [['$key']] }],
    ['0006-00000216', { expiration: '2030-01-01T00:00:00Z', conditions: [['like', '$key', 'a']] }],
    [
      '0006-00000219',
      { expiration: '2030-01-01T00:00:00Z', conditions: [['content-length-range', 2, 1]] },
    ],
    [
      '0006-00000221',
      { expiration: '2030-01-01T00:00:00Z', conditions: [['content-length-range', 1, 'x']] },
    ],
    ['0006-00000222', { expiration: '2030-01-01T00:00:00Z', conditions: [1] }],
    ['0006-00000224', { expiration: '2030-01-01T00:00:00Z', conditions: [['in', '$key', 'a']] }],
  ])('is refused as %s when it is %j', async (ec, document) => {
    expect(outcome(await post({ key: 'a', ...signedV1({ document }) }))).toEqual([
      400,
      'InvalidPolicyDocument',
      ec,
    ]);
  });

  it('has to come with its signature, and the signature with it', async () => {
    for (const missing of ['policy', 'Signature', 'OSSAccessKeyId'] as const) {
      const { [missing]: _, ...fields } = signedV1();
      expect(outcome(await post({ key: 'a', ...fields }))[1]).toBe('InvalidArgument');
    }
    for (const missing of [
      'policy',
      'x-oss-signature',
      'x-oss-credential',
      'x-oss-date',
    ] as const) {
      const { [missing]: _, ...fields } = signedV4();
      expect(outcome(await post({ key: 'a', ...fields }))[1]).toBe('InvalidArgument');
    }
    nothingStored();
  });
});
