import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ContractRequest, REAL, startTarget, type Target } from './target.ts';

/** Only for this test; removed at its end. */
let bucket: string;

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());
beforeEach(async () => {
  bucket = `fc-templates-contract-${randomBytes(6).toString('hex')}`;
  expect((await ask({ method: 'PUT', body: '' })).status).toBe(200);
});
afterEach(async () => {
  await ask({ method: 'DELETE', key: 'a' });
  await ask({ method: 'DELETE' });
});

const ask = (request: Omit<ContractRequest, 'bucket'>) => target.send({ ...request, bucket });
const about = (name: string, method = 'GET', body?: string) =>
  ask({ method, query: { [name]: undefined }, ...(body !== undefined && { body }) });

describe('a bucket', () => {
  it('is made, again without harm, and listed', async () => {
    const again = await ask({ method: 'PUT', body: '' });
    expect([again.status, again.headers.location]).toEqual([200, `/${bucket}`]);
    const { buckets } = (await target.client.listBuckets({ prefix: bucket }, {})) as unknown as {
      buckets: { name: string }[];
    };
    expect(buckets.map(({ name }) => name)).toEqual([bucket]);
  });

  it('has an ACL that can be changed', async () => {
    expect((await about('acl')).element('Grant')).toBe('private');
    const change = (acl: string) =>
      ask({ method: 'PUT', query: { acl: undefined }, headers: { 'x-oss-acl': acl }, body: '' });
    expect((await change('public')).element('Code')).toBe('InvalidArgument');
    expect((await change('private')).status).toBe(200);
  });

  it('has rules for other origins, which a preflight is answered by', async () => {
    expect((await about('cors')).element('Code')).toBe('NoSuchCORSConfiguration');
    const rule =
      '<CORSRule><AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule>';
    const put = await about('cors', 'PUT', `<CORSConfiguration>${rule}</CORSConfiguration>`);
    expect(put.status).toBe(200);
    expect((await about('cors')).element('AllowedOrigin')).toBe('https://a.example');
    const preflight = (origin: string) =>
      ask({
        method: 'OPTIONS',
        key: 'a',
        sign: false,
        headers: { origin, 'access-control-request-method': 'PUT' },
      });
    const allowed = await preflight('https://a.example');
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://a.example',
    ]);
    expect((await preflight('https://b.example')).status).toBe(403);
    expect((await about('cors', 'DELETE')).status).toBe(204);
  });

  it('has rules for the lives of its objects', async () => {
    expect((await about('lifecycle')).element('Code')).toBe('NoSuchLifecycle');
    const rule =
      '<Rule><ID>old</ID><Prefix>logs/</Prefix><Status>Enabled</Status><Expiration><Days>7</Days></Expiration></Rule>';
    const xml = (content: string) => `<LifecycleConfiguration>${content}</LifecycleConfiguration>`;
    expect((await about('lifecycle', 'PUT', xml(rule))).status).toBe(200);
    const kept = await about('lifecycle');
    expect([kept.element('Prefix'), kept.element('Days')]).toEqual(['logs/', '7']);
    expect((await about('lifecycle', 'PUT', xml(''))).element('Code')).toBe('MalformedXML');
    expect((await about('lifecycle', 'DELETE')).status).toBe(204);
  });

  it('copies a part of one of its objects into an upload', async () => {
    await ask({ method: 'PUT', key: 'a', body: '0123456789' });
    const key = target.key('copied-part');
    const { uploadId } = await target.client.initMultipartUpload(key);
    const copied = await target.send({
      method: 'PUT',
      key,
      query: { partNumber: '1', uploadId },
      headers: {
        'x-oss-copy-source': `/${bucket}/a`,
        'x-oss-copy-source-range': 'bytes=2-4',
        'content-length': '0',
      },
    });
    const etag = copied.element('ETag') ?? '';
    await target.client.completeMultipartUpload(key, uploadId, [{ number: 1, etag }]);
    expect((await target.send({ key })).body.toString()).toBe('234');
  });

  it('is removed when it is empty, and no sooner', async () => {
    await ask({ method: 'PUT', key: 'a', body: 'x' });
    expect((await ask({ method: 'DELETE' })).element('Code')).toBe('BucketNotEmpty');
    await ask({ method: 'DELETE', key: 'a' });
    expect((await ask({ method: 'DELETE' })).status).toBe(204);
    const gone = await about('bucketInfo');
    expect([gone.status, gone.element('Code')]).toEqual([404, 'NoSuchBucket']);
  });

  // A real account's bucket is in the host, and some of these names are not possible there.
  it.skipIf(REAL).each(['ab', 'A-bucket', '-a-b-', 'a_b_c', 'a'.repeat(64)])(
    'cannot be called %s',
    async (name) => {
      const reply = await target.send({ method: 'PUT', bucket: name, body: '' });
      expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidBucketName']);
    },
  );
});
