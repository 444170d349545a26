import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessKey } from '#src/identities/types';
import {
  ACCOUNT,
  BUCKET,
  type Signed,
  send,
  sendSigned,
  startTestCloud,
  type TestCloud,
} from './helpers.ts';

let cloud: TestCloud;
let role: Required<AccessKey>;
beforeEach(async () => {
  cloud = await startTestCloud();
  role = cloud.authority.issue(cloud.clock.now() + 60_000);
  await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text' });
});
afterEach(() => cloud.close());

const object = `acs:oss:*:${ACCOUNT}:${BUCKET}/a`;
const bucket = `acs:oss:*:${ACCOUNT}:${BUCKET}`;
const uploadId = 'A'.repeat(32);

describe('the policies of a role', () => {
  it.each<[string, Signed, string, string]>([
    ['PutObject', { method: 'PUT', key: 'a', body: '' }, 'oss:PutObject', object],
    ['GetObject', { key: 'a' }, 'oss:GetObject', object],
    ['HeadObject', { method: 'HEAD', key: 'a' }, 'oss:GetObject', object],
    [
      'GetObjectMeta',
      { method: 'HEAD', key: 'a', query: { objectMeta: undefined } },
      'oss:GetObject',
      object,
    ],
    ['DeleteObject', { method: 'DELETE', key: 'a' }, 'oss:DeleteObject', object],
    ['GetObjectAcl', { key: 'a', query: { acl: undefined } }, 'oss:GetObjectAcl', object],
    [
      'PutObjectAcl',
      { method: 'PUT', key: 'a', query: { acl: undefined } },
      'oss:PutObjectAcl',
      object,
    ],
    [
      'InitiateMultipartUpload',
      { method: 'POST', key: 'a', query: { uploads: undefined } },
      'oss:PutObject',
      object,
    ],
    [
      'UploadPart',
      { method: 'PUT', key: 'a', query: { uploadId, partNumber: '1' } },
      'oss:PutObject',
      object,
    ],
    ['ListParts', { key: 'a', query: { uploadId } }, 'oss:ListParts', object],
    [
      'CompleteMultipartUpload',
      { method: 'POST', key: 'a', query: { uploadId } },
      'oss:PutObject',
      object,
    ],
    [
      'AbortMultipartUpload',
      { method: 'DELETE', key: 'a', query: { uploadId } },
      'oss:AbortMultipartUpload',
      object,
    ],
    ['ListObjects', {}, 'oss:ListObjects', bucket],
    ['ListObjectsV2', { query: { 'list-type': '2' } }, 'oss:ListObjects', bucket],
    ['ListMultipartUploads', { query: { uploads: undefined } }, 'oss:ListMultipartUploads', bucket],
    ['PutBucket', { method: 'PUT', body: '' }, 'oss:PutBucket', bucket],
    ['DeleteBucket', { method: 'DELETE' }, 'oss:DeleteBucket', bucket],
    ['GetBucketInfo', { query: { bucketInfo: undefined } }, 'oss:GetBucketInfo', bucket],
    ['GetBucketLocation', { query: { location: undefined } }, 'oss:GetBucketLocation', bucket],
    ['GetBucketStat', { query: { stat: undefined } }, 'oss:GetBucketStat', bucket],
    ['GetBucketAcl', { query: { acl: undefined } }, 'oss:GetBucketAcl', bucket],
    ['PutBucketAcl', { method: 'PUT', query: { acl: undefined } }, 'oss:PutBucketAcl', bucket],
  ])('are asked before %s', async (_, signed, action, resource) => {
    cloud.authority.may = () => ({ allowed: false, reason: 'the policy says nothing of it' });
    cloud.authority.asked.length = 0;
    const reply = await sendSigned(cloud, { ...signed, as: role });
    expect(cloud.authority.asked).toMatchObject([
      { action, resource, sourceIp: '127.0.0.1', secureTransport: false },
    ]);
    expect(reply.status).toBe(403);
    expect(reply.element('Code')).toBe('AccessDenied');
    expect(reply.element('EC')).toBe('0003-00000202');
    expect(reply.element('Message')).toContain('the policy says nothing of it');
  });

  it.each([
    ['deny-statement', '0003-00000201'],
    ['session-policy', '0003-00000301'],
  ] as const)('that forbid by a %s outweigh an ACL', async (by, ec) => {
    cloud.authority.may = () => ({ allowed: false, reason: 'no', by });
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    const reply = await sendSigned(cloud, { key: 'a', as: role });
    expect([reply.status, reply.element('EC')]).toEqual([403, ec]);
  });

  it('that forbid by a session policy say so in the words of OSS, and why', async () => {
    cloud.authority.may = () => ({
      allowed: false,
      reason: 'no such action',
      by: 'session-policy',
    });
    const reply = await sendSigned(cloud, { key: 'a', as: role });
    expect([reply.element('Message'), reply.element('Reason')]).toEqual([
      'Access denied by authorizer&apos;s policy.',
      'no such action',
    ]);
  });

  it('that say nothing leave it to the ACL', async () => {
    cloud.authority.may = () => ({ allowed: false, reason: 'nothing said' });
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read' }] });
    expect((await sendSigned(cloud, { key: 'a', as: role })).status).toBe(200);
    expect((await sendSigned(cloud, { method: 'PUT', key: 'a', body: '', as: role })).status).toBe(
      403,
    );
    expect((await sendSigned(cloud, { as: role })).status).toBe(403);
  });

  it('are asked for the source of a copy', async () => {
    cloud.authority.asked.length = 0;
    const headers = { 'x-oss-copy-source': `/${BUCKET}/a` };
    await sendSigned(cloud, { method: 'PUT', key: 'b', headers, as: role });
    expect(cloud.authority.asked.map(({ action, resource }) => [action, resource])).toEqual([
      ['oss:GetObject', object],
      ['oss:PutObject', `${bucket}/b`],
    ]);
  });

  it.each<[string, Partial<Signed>, string[]]>([
    ['a put', { method: 'PUT' }, ['PutObject', 'PutObjectTagging']],
    [
      'an upload in parts',
      { method: 'POST', query: { uploads: undefined } },
      ['PutObject', 'PutObjectTagging'],
    ],
    [
      'a copy',
      { method: 'PUT', headers: { 'x-oss-copy-source': `/${BUCKET}/a` } },
      ['GetObject', 'GetObjectTagging', 'PutObject', 'PutObjectTagging'],
    ],
  ])('are asked for the tags of %s', async (_, request, actions) => {
    cloud.authority.asked.length = 0;
    const headers = { ...request.headers, 'x-oss-tagging': 'a=b' };
    await sendSigned(cloud, { ...request, key: 'a', headers, body: '', as: role });
    expect(cloud.authority.asked.map(({ action }) => action)).toEqual(
      actions.map((action) => `oss:${action}`),
    );
  });

  it.each<[string, Signed, string[]]>([
    ['GetObject', { key: 'a' }, ['GetObject', 'GetObjectVersion']],
    ['HeadObject', { method: 'HEAD', key: 'a' }, ['GetObject', 'GetObjectVersion']],
    [
      'GetObjectAcl',
      { key: 'a', query: { acl: undefined } },
      ['GetObjectAcl', 'GetObjectVersionAcl'],
    ],
    [
      'DeleteObjectTagging',
      { method: 'DELETE', key: 'a', query: { tagging: undefined } },
      ['DeleteObjectTagging', 'DeleteObjectVersionTagging'],
    ],
    ['DeleteObject', { method: 'DELETE', key: 'a' }, ['DeleteObject', 'DeleteObjectVersion']],
  ])('are asked for the version that %s names too', async (_, signed, actions) => {
    cloud.authority.asked.length = 0;
    const query = { ...signed.query, versionId: 'null' };
    await sendSigned(cloud, { ...signed, query, as: role });
    expect(cloud.authority.asked.map(({ action, resource }) => [action, resource])).toEqual(
      actions.map((action) => [`oss:${action}`, object]),
    );
  });

  it('are asked for the version of a source, and of a key of a multi-delete', async () => {
    const asked = () => cloud.authority.asked.map(({ action }) => action.slice('oss:'.length));
    cloud.authority.asked.length = 0;
    const headers = { 'x-oss-copy-source': `/${BUCKET}/a?versionId=null` };
    await sendSigned(cloud, { method: 'PUT', key: 'b', headers, as: role });
    expect(asked()).toEqual(['GetObject', 'GetObjectVersion', 'PutObject']);
    cloud.authority.asked.length = 0;
    await sendSigned(cloud, {
      method: 'POST',
      query: { delete: undefined },
      body: '<Delete><Object><Key>a</Key><VersionId>null</VersionId></Object><Object><Key>b</Key></Object></Delete>',
      as: role,
    });
    expect(asked()).toEqual(['DeleteObject', 'DeleteObjectVersion', 'DeleteObject']);
  });

  it('that allow an object only do not allow its version', async () => {
    cloud.authority.may = ({ action }) =>
      action === 'oss:GetObject' ? { allowed: true } : { allowed: false, reason: 'no version' };
    expect((await sendSigned(cloud, { key: 'a', as: role })).status).toBe(200);
    const reply = await sendSigned(cloud, { key: 'a', query: { versionId: 'null' }, as: role });
    expect([reply.status, reply.element('AuthAction')]).toEqual([403, 'oss:GetObjectVersion']);
  });

  it('are asked for each key of a multi-delete, none of which goes when one may not', async () => {
    cloud.authority.may = ({ resource }) =>
      resource.endsWith('/b') ? { allowed: false, reason: 'not b' } : { allowed: true };
    const reply = await sendSigned(cloud, {
      method: 'POST',
      query: { delete: undefined },
      body: '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>',
      as: role,
    });
    expect(reply.status).toBe(403);
    expect(cloud.oss.service.listObjects(BUCKET)).toHaveLength(1);
  });

  it('are checked before the answer shows whether an object exists', async () => {
    cloud.authority.may = () => ({ allowed: false, reason: 'no' });
    const reply = await sendSigned(cloud, { key: 'missing', as: role });
    expect(reply.element('Code')).toBe('AccessDenied');
    const head = await sendSigned(cloud, { method: 'HEAD', key: 'missing', as: role });
    expect([head.status, head.element('Code')]).toEqual([403, 'AccessDenied']);
  });
});

describe('without a signature', () => {
  const path = `/${BUCKET}/a`;
  const codeOf = async (exchange: Parameters<typeof send>[1]) => {
    const reply = await send(cloud, exchange);
    return reply.element('Code') ?? reply.status;
  };
  const acl = (acl: 'private' | 'public-read' | 'public-read-write') =>
    cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl }] });

  it('nothing is allowed in a private bucket', async () => {
    expect(await codeOf({ path })).toBe('AccessDenied');
    expect(await codeOf({ path, method: 'PUT', body: 'x' })).toBe('AccessDenied');
    expect(await codeOf({ path: '/' })).toBe('AccessDenied');
  });

  it('objects of a public-read bucket can be read, not written or listed', async () => {
    await acl('public-read');
    expect(await codeOf({ path })).toBe(200);
    expect(await codeOf({ path, method: 'HEAD' })).toBe(200);
    expect(await codeOf({ path, method: 'PUT', body: 'x' })).toBe('AccessDenied');
    expect(await codeOf({ path, method: 'DELETE' })).toBe('AccessDenied');
    expect(await codeOf({ path: `/${BUCKET}` })).toBe('AccessDenied');
    expect(await codeOf({ path: `${path}?acl` })).toBe('AccessDenied');
  });

  it('objects of a public-read-write bucket can be written', async () => {
    await acl('public-read-write');
    expect(await codeOf({ path, method: 'PUT', body: 'x' })).toBe(200);
    expect(await codeOf({ path, method: 'DELETE' })).toBe(204);
  });

  it("an object's own ACL goes before the bucket's", async () => {
    const { objects } = cloud.oss.service;
    await objects.set({ bucket: BUCKET, key: 'a' }, { acl: 'public-read' });
    expect(await codeOf({ path })).toBe(200);
    await acl('public-read');
    await objects.set({ bucket: BUCKET, key: 'a' }, { acl: 'private' });
    expect(await codeOf({ path })).toBe('AccessDenied');
  });

  it('a missing bucket is reported as missing', async () => {
    expect(await codeOf({ path: '/no-such-box/a' })).toBe('NoSuchBucket');
  });
});
