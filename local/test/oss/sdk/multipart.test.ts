import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, type Client, startTestCloud, type TestCloud } from '../helpers.ts';
import { SIGNATURES } from './signatures.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

describe.each(SIGNATURES)('ali-oss with signatures %s', (_, options) => {
  let client: Client;
  beforeEach(() => {
    client = cloud.client(options);
  });

  it('uploads in parts, and copies in parts', async () => {
    const content = randomBytes(350_000);
    const { etag } = (await client.multipartUpload('big', content, {
      partSize: 128 * 1024,
      parallel: 3,
      mime: 'image/png',
      meta: { uid: 9 } as never,
    })) as unknown as { etag: string };
    expect(etag).toMatch(/^"[0-9A-F]{32}-3"$/);
    const got = await client.get('big');
    expect(content.equals(got.content)).toBe(true);
    expect(got.res.headers).toMatchObject({
      'x-oss-object-type': 'Multipart',
      'content-type': 'image/png',
      'x-oss-meta-uid': '9',
    });
    await client.put('whole', content);
    const whole = await client.head('whole');
    expect(got.res.headers).toMatchObject({
      'x-oss-hash-crc64ecma': (whole.res.headers as Record<string, string>)['x-oss-hash-crc64ecma'],
    });
    await client.multipartUploadCopy(
      'copied',
      { sourceKey: 'big', sourceBucketName: BUCKET } as never,
      { partSize: 200 * 1024 } as never,
    );
    expect(content.equals((await client.get('copied')).content)).toBe(true);
  });

  it('lists and aborts uploads', async () => {
    const { uploadId } = await client.initMultipartUpload('up');
    await client.uploadPart('up', uploadId, 1, Buffer.alloc(10) as never, 0, 10);
    const { uploads } = await client.listUploads({ 'max-uploads': 5 } as never);
    expect(uploads).toMatchObject([{ name: 'up', uploadId }]);
    const { parts } = await client.listParts('up', uploadId, { 'max-parts': 5 } as never);
    expect(parts).toMatchObject({ PartNumber: '1', Size: '10' });
    await client.abortMultipartUpload('up', uploadId);
    await expect(client.listParts('up', uploadId)).rejects.toMatchObject({
      code: 'NoSuchUpload',
    });
  });
});
