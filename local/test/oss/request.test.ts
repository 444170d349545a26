import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, send, startTestCloud, type TestCloud } from './helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
  await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
  await send(cloud, { method: 'PUT', path: `/${BUCKET}/a%2Fb`, body: 'text' });
});
afterEach(() => cloud.close());

describe('an address', () => {
  it.each([
    ['127.0.0.1', `/${BUCKET}/a/b`],
    ['localhost:80', `/${BUCKET}/a/b`],
    [`${BUCKET}.localhost:1234`, '/a/b'],
    [`${BUCKET}.oss-cn-hangzhou.aliyuncs.com`, '/a/b'],
    [`${BUCKET}.oss-cn-hangzhou-internal.aliyuncs.com`, '/a%2Fb'],
    ['oss-cn-hangzhou.aliyuncs.com', `/${BUCKET}/a/b`],
    ['an-alias.example.com', `/${BUCKET}/a/b`],
    ['localhost', `http://localhost/${BUCKET}/a/b`],
  ])('at host %s with path %s is the object', async (host, path) => {
    const reply = await send(cloud, { path, headers: { host } });
    expect([reply.status, reply.text]).toEqual([200, 'text']);
  });

  it('of another region is refused with the right one', async () => {
    const headers = { host: `${BUCKET}.oss-cn-beijing.aliyuncs.com` };
    const reply = await send(cloud, { path: '/a/b', headers });
    expect([reply.status, reply.element('Code'), reply.element('Endpoint')]).toEqual([
      403,
      'AccessDenied',
      'oss-cn-hangzhou.aliyuncs.com',
    ]);
  });
});

describe('a bad address', () => {
  it.each(['Upper', 'ab', '-start', 'end-', 'under_score', 'dot.dot', 'x'.repeat(64), '%00', '..'])(
    'with the bucket %j is refused',
    async (bucket) => {
      const reply = await send(cloud, { path: `/${bucket}/key` });
      expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidBucketName']);
    },
  );

  it.each([
    ['a leading slash', '/'],
    ['an encoded leading slash', '%2Fa'],
    ['a leading backslash', '%5Ca'],
    ['1024 bytes', 'k'.repeat(1024)],
    ['1024 bytes in 512 characters', '%C3%BC'.repeat(512)],
    ['invalid UTF-8', '%C3%28'],
    ['half of a surrogate pair', '%ED%A0%80'],
    ['NUL', 'a%00b'],
  ])('with %s in the key is refused', async (_, key) => {
    const reply = await send(cloud, { method: 'PUT', path: `/${BUCKET}/${key}`, body: 'x' });
    expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidObjectName']);
  });

  it.each(['/%', '/%zz', `/${BUCKET}/a%2`, `/${BUCKET}?a=%G0`])(
    'written as %s is refused',
    async (path) => {
      const reply = await send(cloud, { path });
      expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidURI']);
    },
  );
});

describe('a key', () => {
  it.each([
    '../../../etc/passwd',
    'a//b',
    'a/../b',
    '.',
    ' ',
    'a\\b',
    'k'.repeat(1023),
    'tab\tline\nend\u0001',
    '日本/\u{1F600}',
    '__proto__',
    'con:|*?"<>',
  ])('like %j is stored as it is', async (key) => {
    const path = `/${BUCKET}/${encodeURIComponent(key)}`;
    expect((await send(cloud, { method: 'PUT', path, body: key })).status).toBe(200);
    expect((await send(cloud, { path })).text).toBe(key);
    const keys = cloud.oss.service.listObjects(BUCKET).map((object) => object.key);
    expect(keys.sort()).toEqual(['a/b', key].sort());
  });
});

describe('a request that is not implemented', () => {
  it.each([
    ['PUT', `/${BUCKET}?website`],
    ['PUT', `/${BUCKET}?policy`],
    ['POST', `/${BUCKET}/a?cleanRestoredObject`],
    ['GET', `/${BUCKET}/a?versionId=1`],
    ['GET', `/${BUCKET}/a?x-oss-process=image/resize`],
    ['GET', `/${BUCKET}/a?acl&tagging`],
    ['DELETE', '/'],
  ])('%s %s says so', async (method, path) => {
    const reply = await send(cloud, { method, path });
    expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
  });

  it.each([
    {
      'x-oss-callback': Buffer.from(
        '{"callbackUrl":"http://example.com","callbackBody":"a"}',
      ).toString('base64'),
    },
    { 'x-oss-storage-class': 'ColdArchive' },
    { 'x-oss-server-side-encryption': 'KMS' },
  ])('in a header (%j) says so, and stores nothing', async (headers) => {
    const path = `/${BUCKET}/new`;
    const reply = await send(cloud, { method: 'PUT', path, headers, body: 'x' });
    expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
    expect(cloud.oss.service.objects.find({ bucket: BUCKET, key: 'new' })).toBeUndefined();
  });

  it('as a method is not allowed', async () => {
    const reply = await send(cloud, { method: 'PATCH', path: `/${BUCKET}/a` });
    expect([reply.status, reply.element('Code')]).toEqual([405, 'MethodNotAllowed']);
  });
});
