import { parseOssEvent } from 'fc-kit/events';
import { describe, expect, it } from 'vitest';
import { matches } from '#src/fc/triggers/oss';
import type { OssTriggerSpec } from '#src/project/types';
import { ACCOUNT, PRINTS, REGION, roleFor, startWithServices } from '../services.ts';

function oss(spec: Partial<OssTriggerSpec> = {}): OssTriggerSpec {
  return {
    type: 'oss',
    name: 'created',
    source: 's.yaml:20',
    bucket: 'photos',
    events: ['oss:ObjectCreated:*'],
    prefix: 'in/',
    suffix: '.jpg',
    ...spec,
  };
}

it('invokes the function with the documented event, and the shared parser reads it', async () => {
  const { deploy, put, printed, clock } = await startWithServices();
  await deploy(PRINTS, { triggers: [oss()] });
  await put('in/é ü.jpg', 'abc');
  const { text, requestId } = await printed('got ');
  const event = JSON.parse(text.slice(text.indexOf('got ') + 4));
  expect(event.events).toEqual([
    {
      eventName: 'ObjectCreated:PutObject',
      eventSource: 'acs:oss',
      eventTime: new Date(clock.now()).toISOString(),
      eventVersion: '1.0',
      oss: {
        bucket: {
          arn: `acs:oss:${REGION}:${ACCOUNT}:photos`,
          name: 'photos',
          ownerIdentity: ACCOUNT,
        },
        object: {
          deltaSize: 3,
          eTag: '900150983CD24FB0D6963F7D28E17F72',
          key: 'in/é ü.jpg',
          size: 3,
        },
        ossSchemaVersion: '1.0',
        ruleId: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
      region: REGION,
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { requestId: 'R1' },
      userIdentity: { principalId: '' },
    },
  ]);
  expect(parseOssEvent(Buffer.from(JSON.stringify(event)))).toMatchObject([
    { bucket: 'photos', key: 'in/é ü.jpg', size: 3 },
  ]);
  expect(requestId).toMatch(/^1-/);
});

it('is invoked for copies and deletions that its events name, and not after a new version without it', async () => {
  const { deploy, put, printed, lines, oss: service } = await startWithServices();
  const events = ['oss:ObjectCreated:CopyObject', 'oss:ObjectRemoved:DeleteObject'];
  await deploy(PRINTS, { triggers: [oss({ events, prefix: '', suffix: '' })] });
  const source = await put('in/a.jpg', 'abcd');
  const target = { bucket: 'photos', key: 'in/b.jpg' };
  const { headers, meta, acl, storageClass, tags } = source;
  const properties = { headers, meta, acl, storageClass, tags };
  await service.objects.copy(source, target, { properties }, { requestId: 'R2' });
  await printed('"eventName":"ObjectCreated:CopyObject"');
  await service.objects.remove(target, { requestId: 'R3' });
  expect((await printed('ObjectRemoved:DeleteObject')).text).toContain('"deltaSize":-4');
  await deploy(PRINTS);
  await put('in/c.jpg');
  expect(lines).toHaveLength(2);
});

describe('a change', () => {
  const change = { bucket: 'photos', key: 'in/a.jpg', name: 'ObjectCreated:PostObject' };
  it.each([
    ['of another bucket', { ...change, bucket: 'other' }, {}, false],
    ['under another prefix', { ...change, key: 'out/a.jpg' }, {}, false],
    ['with another suffix', { ...change, key: 'in/a.png' }, {}, false],
    ['of another kind', { ...change, name: 'ObjectRemoved:DeleteObject' }, {}, false],
    ['of any kind of creation', change, {}, true],
    ['named', change, { events: ['oss:ObjectCreated:PostObject'] }, true],
    ['not named', change, { events: ['oss:ObjectCreated:PutObject'] }, false],
    [
      'at the end of a multipart upload',
      { ...change, name: 'ObjectCreated:CompleteMultipartUpload' },
      { events: ['oss:ObjectCreated:CompleteMultipartUpload'] },
      true,
    ],
  ])('%s', (_, given, spec, expected) => {
    expect(matches(oss(spec), given)).toBe(expected);
  });
});

describe('invocationRole', () => {
  it('that OSS may assume and that allows the invocation is taken', async () => {
    const { deploy } = await startWithServices([roleFor('oss.aliyuncs.com', 'fc:InvokeFunction')]);
    await deploy(PRINTS, { triggers: [oss({ invocationRole: 'invoker' })] });
  });

  it.each([
    ['is not there', undefined, /The role not exists: .*invoker/],
    [
      'trusts another service',
      roleFor('fc.aliyuncs.com', 'fc:InvokeFunction'),
      /oss\.aliyuncs\.com may not assume role/,
    ],
    [
      'allows something else',
      roleFor('oss.aliyuncs.com', 'fc:GetFunction'),
      /fc:InvokeFunction on acs:fc:cn-hangzhou:1234567890:functions\/dev-sample/,
    ],
  ])('that %s is refused with the place', async (_, role, message) => {
    const { deploy } = await startWithServices(role ? [role] : []);
    const triggers = [oss({ invocationRole: 'invoker' })];
    const error = await deploy(PRINTS, { triggers }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'InvocationRole',
      message: expect.stringMatching(message),
    });
    expect(String(error)).toContain('Trigger "created" of function "dev-sample" (s.yaml:20)');
  });
});
