import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessKey } from '#src/identities/types';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const put = (bucket: string, options: { headers?: Record<string, string>; body?: string } = {}) =>
  sendSigned(cloud, { method: 'PUT', bucket, body: '', ...options });

describe('PutBucket', () => {
  it('makes a bucket, and says where', async () => {
    const reply = await put('second', { headers: { 'x-oss-acl': 'private' } });
    expect([reply.status, reply.headers.location]).toEqual([200, '/second']);
    expect(cloud.oss.service.buckets.require('second').acl).toBe('private');
  });

  it('of a bucket that is there changes nothing but the ACL given', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
    expect((await put(BUCKET)).status).toBe(200);
    expect(cloud.oss.service.buckets.require(BUCKET).acl).toBe('private');
    await put(BUCKET, { headers: { 'x-oss-acl': 'public-read' } });
    expect(cloud.oss.service.buckets.require(BUCKET).acl).toBe('public-read');
    expect(cloud.oss.service.listObjects(BUCKET)).toHaveLength(1);
  });

  it('takes the storage class of its objects', async () => {
    const body =
      '<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>';
    await put('rare', { body });
    await sendSigned(cloud, { method: 'PUT', bucket: 'rare', key: 'a', body: 'x' });
    expect(cloud.oss.service.listObjects('rare')).toMatchObject([{ storageClass: 'IA' }]);
  });

  it('refuses another ACL, class or body', async () => {
    expect((await put('x-1', { headers: { 'x-oss-acl': 'all' } })).element('Code')).toBe(
      'InvalidArgument',
    );
    expect((await put('x-1', { body: '<Other/>' })).element('Code')).toBe('MalformedXML');
    const body =
      '<CreateBucketConfiguration><StorageClass>ColdArchive</StorageClass></CreateBucketConfiguration>';
    expect((await put('x-1', { body })).element('Code')).toBe('NotImplemented');
    expect(cloud.oss.service.buckets.find('x-1')).toBeUndefined();
  });
});

describe('DeleteBucket', () => {
  it('removes an empty bucket only', async () => {
    const remove = () => sendSigned(cloud, { method: 'DELETE' });
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
    const reply = await remove();
    expect([reply.status, reply.element('Code')]).toEqual([409, 'BucketNotEmpty']);
    await sendSigned(cloud, { method: 'DELETE', key: 'a' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).element('Code')).toBe('NoSuchBucket');
  });
});

describe('ListBuckets', () => {
  it('gives them by name, in pages and by prefix', async () => {
    for (const name of ['b-1', 'b-2', 'c-1']) await put(name);
    const client = cloud.client();
    const page = await client.listBuckets({ prefix: 'b-', 'max-keys': 1 });
    expect(page).toMatchObject({ isTruncated: true, nextMarker: 'b-1' });
    const rest = await client.listBuckets({ prefix: 'b-', marker: 'b-1' });
    expect(rest).toMatchObject({ buckets: [{ name: 'b-2' }], isTruncated: false });
  });
});

describe('PutBucketAcl and PutObjectAcl', () => {
  it('want an ACL', async () => {
    const query = { acl: undefined };
    const bucket = await sendSigned(cloud, { method: 'PUT', query });
    expect([bucket.status, bucket.element('Code')]).toEqual([400, 'MissingArgument']);
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
    const object = await sendSigned(cloud, { method: 'PUT', key: 'a', query });
    expect([object.status, object.element('Code')]).toEqual([400, 'MissingArgument']);
  });
});

describe('PutBucketAcl', () => {
  const setAcl = (bucket: string, acl: string, as?: AccessKey) =>
    sendSigned(cloud, {
      method: 'PUT',
      bucket,
      query: { acl: undefined },
      headers: { 'x-oss-acl': acl },
      ...(as && { as }),
    });

  it('makes a bucket that is not there, and says where', async () => {
    const reply = await setAcl('second', 'private');
    expect([reply.status, reply.headers.location]).toEqual([200, '/second']);
    expect(cloud.oss.service.buckets.require('second')).toMatchObject({
      acl: 'private',
      storageClass: 'Standard',
      blockPublicAccess: true,
    });
    expect((await setAcl(BUCKET, 'public-read')).headers.location).toBe(`/${BUCKET}`);
  });

  it('needs the right to make one for that', async () => {
    const key = cloud.authority.issue(cloud.clock.now() + 60_000);
    cloud.authority.may = ({ action }) =>
      action === 'oss:PutBucketAcl' ? { allowed: true } : { allowed: false, reason: 'no' };
    const reply = await setAcl('second', 'private', key);
    expect([reply.element('Code'), reply.element('AuthAction')]).toEqual([
      'AccessDenied',
      'oss:PutBucket',
    ]);
    expect(cloud.oss.service.buckets.find('second')).toBeUndefined();
    expect((await setAcl(BUCKET, 'public-read', key)).status).toBe(200);
  });
});

describe('GetBucketInfo', () => {
  it('says what the bucket is set to, as documented', async () => {
    await put('second');
    const reply = await sendSigned(cloud, { bucket: 'second', query: { bucketInfo: undefined } });
    const said = {
      Name: 'second',
      Location: 'oss-cn-hangzhou',
      ExtranetEndpoint: 'oss-cn-hangzhou.aliyuncs.com',
      IntranetEndpoint: 'oss-cn-hangzhou-internal.aliyuncs.com',
      StorageClass: 'Standard',
      DataRedundancyType: 'LRS',
      Grant: 'private',
      BlockPublicAccess: 'true',
      AccessMonitor: 'Disabled',
      CrossRegionReplication: 'Disabled',
      TransferAcceleration: 'Disabled',
      Comment: '',
      SSEAlgorithm: 'None',
      LogBucket: '',
      LogPrefix: '',
    };
    for (const [name, text] of Object.entries(said)) expect(reply.element(name), name).toBe(text);
  });
});

describe('GetBucketStat', () => {
  it('counts by class: stored, and for IA and Archive billed bytes, 64 KB per object', async () => {
    const object = async (key: string, size: number, storageClass: string) =>
      sendSigned(cloud, {
        method: 'PUT',
        key,
        body: Buffer.alloc(size),
        headers: { 'x-oss-storage-class': storageClass },
      });
    await object('a', 10, 'Standard');
    await object('b', 20, 'IA');
    await object('c', 70_000, 'IA');
    const reply = await sendSigned(cloud, { query: { stat: undefined } });
    const said = {
      Storage: '70030',
      ObjectCount: '3',
      MultipartUploadCount: '0',
      LiveChannelCount: '0',
      LastModifiedTime: String(Math.floor(cloud.clock.now() / 1000)),
      StandardStorage: '10',
      StandardObjectCount: '1',
      InfrequentAccessStorage: String(65_536 + 70_000),
      InfrequentAccessRealStorage: '70020',
      InfrequentAccessObjectCount: '2',
      ArchiveStorage: '0',
      ColdArchiveObjectCount: '0',
      DeepColdArchiveObjectCount: '0',
      DeleteMarkerCount: '0',
    };
    for (const [name, text] of Object.entries(said)) expect(reply.element(name), name).toBe(text);
  });
});
