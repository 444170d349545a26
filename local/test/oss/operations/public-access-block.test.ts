import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
  await sendSigned(cloud, { method: 'PUT', bucket });
});
afterEach(() => cloud.close());

const bucket = 'made';
const PUBLIC = { 'x-oss-acl': 'public-read' };
const PUBLIC_OBJECT = { 'x-oss-object-acl': 'public-read' };
const setting = (value: string) =>
  `<PublicAccessBlockConfiguration><BlockPublicAccess>${value}</BlockPublicAccess></PublicAccessBlockConfiguration>`;
const block = (value: string) =>
  sendSigned(cloud, {
    method: 'PUT',
    bucket,
    query: { publicAccessBlock: undefined },
    body: setting(value),
  });
const read = () => sendSigned(cloud, { bucket, query: { publicAccessBlock: undefined } });

describe('a bucket that is made by API', () => {
  it.each([
    ['PutBucket', { method: 'PUT' }],
    ['PutBucketAcl', { method: 'PUT', query: { acl: undefined } }],
  ])('refuses a public ACL of its own: %s', async (_, signed) => {
    for (const name of [bucket, 'other'])
      for (const acl of ['public-read', 'public-read-write']) {
        const reply = await sendSigned(cloud, {
          ...signed,
          bucket: name,
          headers: { 'x-oss-acl': acl },
        });
        expect([reply.status, reply.element('Code'), reply.element('Message')]).toEqual([
          403,
          'AccessDenied',
          'Put public bucket acl is not allowed',
        ]);
      }
    expect(cloud.oss.service.buckets.find('other')).toBeUndefined();
    expect(cloud.oss.service.buckets.require(bucket).acl).toBe('private');
  });

  it.each([
    ['PutObject', { method: 'PUT', key: 'b', body: 'x' }],
    ['PutObjectAcl', { method: 'PUT', key: 'a', query: { acl: undefined } }],
    ['CopyObject', { method: 'PUT', key: 'b', headers: { 'x-oss-copy-source': '/made/a' } }],
    [
      'AppendObject',
      { method: 'POST', key: 'b', query: { append: undefined, position: '0' }, body: 'x' },
    ],
    [
      'PutSymlink',
      {
        method: 'PUT',
        key: 'b',
        query: { symlink: undefined },
        headers: { 'x-oss-symlink-target': 'a' },
      },
    ],
    ['InitiateMultipartUpload', { method: 'POST', key: 'b', query: { uploads: undefined } }],
  ])('refuses a public ACL of an object: %s', async (_, signed: object) => {
    await sendSigned(cloud, { method: 'PUT', bucket, key: 'a', body: 'x' });
    const headers = { ...PUBLIC_OBJECT, ...('headers' in signed && (signed.headers as object)) };
    const reply = await sendSigned(cloud, { ...signed, bucket, headers });
    expect([reply.status, reply.element('Message'), reply.element('EC')]).toEqual([
      403,
      'Put public object acl is not allowed',
      '0016-00000901',
    ]);
    expect(cloud.oss.service.listObjects(bucket)).toMatchObject([{ key: 'a', acl: 'default' }]);
  });

  it('refuses a public ACL with the end of an upload', async () => {
    const query = { uploads: undefined };
    const begun = await sendSigned(cloud, { method: 'POST', bucket, key: 'b', query });
    const reply = await sendSigned(cloud, {
      method: 'POST',
      bucket,
      key: 'b',
      query: { uploadId: begun.element('UploadId') },
      headers: { ...PUBLIC_OBJECT, 'x-oss-complete-all': 'yes' },
    });
    expect(reply.element('Message')).toBe('Put public object acl is not allowed');
  });
});

describe('PutBucketPublicAccessBlock, GetBucketPublicAccessBlock and DeleteBucketPublicAccessBlock', () => {
  it('set, return and remove whether public access is blocked', async () => {
    expect((await read()).text).toContain(setting('true'));
    expect((await block('false')).status).toBe(200);
    expect((await read()).text).toContain(setting('false'));
    await block('true');
    const reply = await sendSigned(cloud, {
      method: 'DELETE',
      bucket,
      query: { publicAccessBlock: undefined },
    });
    expect(reply.status).toBe(204);
    expect((await read()).text).toContain(setting('false'));
  });

  it('decide what public ACLs, there already, are good for', async () => {
    await block('false');
    const query = { acl: undefined };
    expect(
      (await sendSigned(cloud, { method: 'PUT', bucket, query, headers: PUBLIC })).status,
    ).toBe(200);
    await sendSigned(cloud, { method: 'PUT', bucket, key: 'a', body: 'x', headers: PUBLIC_OBJECT });
    expect((await send(cloud, { path: '/made/a' })).status).toBe(200);
    await block('true');
    expect((await send(cloud, { path: '/made/a' })).element('Code')).toBe('AccessDenied');
    await block('false');
    expect((await send(cloud, { path: '/made/a' })).status).toBe(200);
  });

  it.each(['', '<Other/>', setting('perhaps'), '<PublicAccessBlockConfiguration/>'])(
    'refuse %j',
    async (body) => {
      const query = { publicAccessBlock: undefined };
      const reply = await sendSigned(cloud, { method: 'PUT', bucket, query, body });
      expect([reply.status, reply.element('Code')]).toEqual([400, 'MalformedXML']);
    },
  );
});

describe('a bucket that a project declares', () => {
  it('blocks public access when its ACL is private, unless it says otherwise', async () => {
    await cloud.oss.service.apply({
      buckets: [
        { name: 'closed', acl: 'private' },
        { name: 'said', acl: 'private', blockPublicAccess: false },
        { name: 'open', acl: 'public-read' },
      ],
    });
    const blocks = (name: string) => cloud.oss.service.buckets.require(name).blockPublicAccess;
    expect([blocks('closed'), blocks('said'), blocks('open')]).toEqual([true, false, false]);
  });
});
