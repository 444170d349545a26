import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BUCKET,
  type Client,
  headerText,
  OWNER,
  startTestCloud,
  type TestCloud,
} from './helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

async function read(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const KEY = 'a folder/Ü 日本 +&=?%#\u{1F600}.txt';

describe.each([
  ['V4', { authorizationV4: true }],
  ['V1', { authorizationV4: false }],
])('ali-oss with signatures %s', (_, options) => {
  let client: Client;
  beforeEach(() => {
    client = cloud.client(options);
  });

  it('puts, heads, gets and deletes an object', async () => {
    const content = Buffer.from('häppy');
    const { res } = await client.put(KEY, content, {
      mime: 'text/plain',
      meta: { uid: 7, pid: 8 } as never,
      headers: { 'Cache-Control': 'no-store' },
    });
    const { headers } = res as { headers: Record<string, string> };
    expect(headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(headers['x-oss-hash-crc64ecma']).toMatch(/^\d+$/);
    expect(headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);

    const head = await client.head(KEY);
    expect(head.meta).toEqual({ uid: '7', pid: '8' });
    expect(head.res.headers).toMatchObject({
      'content-length': '6',
      'content-type': 'text/plain',
      'cache-control': 'no-store',
      'x-oss-object-type': 'Normal',
      'x-oss-storage-class': 'Standard',
      'accept-ranges': 'bytes',
      etag: headers.etag,
    });

    const got = await client.get(KEY);
    expect(got.content).toEqual(content);
    await client.delete(KEY);
    await expect(client.get(KEY)).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
    await expect(client.head(KEY)).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
    await client.delete(KEY);
  });

  it('puts and gets streams, with a length, chunked, or both', async () => {
    const content = randomBytes(300_000);
    await client.putStream('chunked', Readable.from([content.subarray(0, 9), content.subarray(9)]));
    await client.putStream('length', Readable.from([content]), {
      contentLength: content.length,
    } as never);
    await client.put('both', Readable.from([content]), {
      headers: { 'Content-Length': String(content.length) },
    });
    for (const name of ['chunked', 'length', 'both'])
      expect(content.equals(await read((await client.getStream(name)).stream))).toBe(true);
  });

  it('copies, keeping or replacing metadata', async () => {
    await client.put(KEY, Buffer.from('x'), { meta: { uid: 1 } as never, mime: 'text/css' });
    await client.copy('kept', KEY);
    expect((await client.head('kept')).meta).toEqual({ uid: '1' });
    const { data } = await client.copy('replaced', KEY, { meta: { uid: 2 } as never } as never);
    expect(data).toMatchObject({ etag: expect.stringMatching(/^"[0-9A-F]{32}"$/) });
    expect((await client.head('replaced')).meta).toEqual({ uid: '2' });
    expect((await client.head('kept')).res.headers).toMatchObject({ 'content-type': 'text/css' });
  });

  it('lists with both versions of the call', async () => {
    for (const name of ['a', 'd/1', 'd/2', 'z&<>"\'']) await client.put(name, Buffer.from(name));
    const query = { prefix: '', delimiter: '/', 'max-keys': 2 };
    const first = await client.list(query as never, {});
    expect(first.objects.map(({ name }) => name)).toEqual(['a']);
    expect(first.prefixes).toEqual(['d/']);
    expect(first).toMatchObject({ isTruncated: true, nextMarker: 'd/' });
    const rest = await client.list({ ...query, marker: 'd/' } as never, {});
    expect(rest.objects).toMatchObject([
      { name: 'z&<>"\'', size: 6, owner: { id: '1234567890123456' } },
    ]);
    expect(rest.isTruncated).toBe(false);

    const v2 = await client.listV2({ 'max-keys': '3', 'start-after': 'a' } as never);
    expect(v2.objects.map(({ name }) => name)).toEqual(['d/1', 'd/2', 'z&<>"\'']);
    const one = await client.listV2({ 'max-keys': '1', prefix: 'd/' } as never);
    expect(one.isTruncated).toBe(true);
    const two = await client.listV2({
      'max-keys': '1',
      prefix: 'd/',
      'continuation-token': one.nextContinuationToken,
    } as never);
    expect(two.objects.map(({ name }) => name)).toEqual(['d/2']);
    expect(two).toMatchObject({ isTruncated: false, keyCount: 1 });
  });

  it('deletes many at once', async () => {
    for (const name of ['a', 'b&<c', 'd']) await client.put(name, Buffer.from('x'));
    const { deleted } = await client.deleteMulti(['a', 'b&<c', 'not there']);
    expect(deleted).toMatchObject([{ Key: 'a' }, { Key: 'b&<c' }, { Key: 'not there' }]);
    expect(await client.deleteMulti(['d'], { quiet: true })).toMatchObject({ deleted: [] });
    expect((await client.list({} as never, {})).objects).toEqual([]);
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

  it('tells the meta and the ACL of an object', async () => {
    await client.put('a', Buffer.from('four'));
    const { res } = await client.getObjectMeta('a');
    expect(res.headers).toMatchObject({ 'content-length': '4' });
    expect(await client.getACL('a')).toMatchObject({ acl: 'default' });
    await client.putACL('a', 'public-read');
    expect(await client.getACL('a')).toMatchObject({ acl: 'public-read' });
  });

  it('makes, describes and removes buckets', async () => {
    const { bucket } = (await client.putBucket('second-box', { acl: 'public-read' } as never)) as {
      bucket: string;
    };
    expect(bucket).toBe('second-box');
    const { buckets } = (await client.listBuckets({ 'max-keys': 10 })) as unknown as {
      buckets: { name: string; region: string }[];
    };
    expect(buckets).toMatchObject([
      { name: BUCKET, region: 'oss-cn-hangzhou' },
      { name: 'second-box' },
    ]);
    expect(await client.getBucketInfo('second-box')).toMatchObject({
      bucket: { Name: 'second-box', AccessControlList: { Grant: 'public-read' } },
    });
    expect(await client.getBucketLocation('second-box')).toMatchObject({
      location: 'oss-cn-hangzhou',
    });
    await client.putBucketACL('second-box', 'private');
    expect(await client.getBucketACL('second-box')).toMatchObject({ acl: 'private' });
    client.useBucket('second-box');
    await client.put('a', Buffer.from('12345'));
    expect(await client.getBucketStat('second-box')).toMatchObject({
      stat: { Storage: '5', ObjectCount: '1' },
    });
    await expect(client.deleteBucket('second-box')).rejects.toMatchObject({
      code: 'BucketNotEmpty',
    });
    await client.delete('a');
    await client.deleteBucket('second-box');
    await expect(client.getBucketInfo('second-box')).rejects.toMatchObject({
      code: 'NoSuchBucket',
    });
  });

  it('signs URLs to get and to put', async () => {
    const token = cloud.authority.issue(cloud.clock.now() + 60_000);
    for (const signer of [
      client,
      cloud.client({
        ...options,
        accessKeyId: token.accessKeyId,
        accessKeySecret: token.accessKeySecret,
        stsToken: token.securityToken,
      }),
    ]) {
      const sign = (method: 'GET' | 'PUT') =>
        options.authorizationV4
          ? signer.signatureUrlV4(method, 60, undefined, KEY)
          : signer.signatureUrl(KEY, { method, expires: 60 });
      const put = await fetch(await sign('PUT'), { method: 'PUT', body: Buffer.from('by URL') });
      expect([put.status, await put.text()]).toEqual([200, '']);
      const got = await fetch(await sign('GET'));
      expect([got.status, await got.text()]).toEqual([200, 'by URL']);
      const swapped = await fetch(await sign('GET'), { method: 'PUT', body: Buffer.from('no') });
      expect(swapped.status).toBe(403);
      expect(await swapped.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    }
  });

  it('takes UTF-8 metadata', async () => {
    const latin = cloud.client({ ...options, headerEncoding: 'latin1' } as never);
    await latin.put('a', Buffer.from('x'), { meta: { name: 'Jürgen 日本' } as never });
    const { meta } = await latin.head('a');
    expect(headerText((meta as unknown as { name: string }).name)).toBe('Jürgen 日本');
  });

  it('is told the code of the service when its secret or its id is wrong', async () => {
    const wrong = (change: object) => cloud.client({ ...options, ...change }).list({} as never, {});
    await expect(wrong({ accessKeySecret: 'wrong' })).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
      ecCode: '0002-00000040',
    });
    await expect(wrong({ accessKeyId: 'wrong' })).rejects.toMatchObject({
      code: 'InvalidAccessKeyId',
      ecCode: '0002-00000902',
    });
  });
});

describe('ali-oss', () => {
  it('reaches 127.0.0.1 by the name localhost, also where that is ::1 first', async () => {
    const lookup: LookupFunction = (_name, { all }, callback) => {
      if (all)
        callback(null, [
          { address: '::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ]);
      else callback(null, '::1', 6);
    };
    const agent = new Agent({ lookup } as never);
    const client = cloud.client({ agent });
    await client.put('a', Buffer.from('x'));
    expect((await client.get('a')).content).toEqual(Buffer.from('x'));
    agent.destroy();
  });

  it('may address the bucket in the host', async () => {
    const client = cloud.client({
      endpoint: `http://127.0.0.1:${cloud.oss.port}`,
      sldEnable: false,
    });
    await client.put(KEY, Buffer.from('host style'));
    expect(await cloud.oss.service.readObject(BUCKET, KEY)).toEqual(Buffer.from('host style'));
  });

  it('gets a part of an object, and 304 for one it has', async () => {
    const client = cloud.client();
    const { res } = await client.put('a', Buffer.from('0123456789'));
    const part = await client.get('a', { headers: { Range: 'bytes=2-4' } } as never);
    expect(part.content).toEqual(Buffer.from('234'));
    expect(part.res.status).toBe(206);
    const { etag } = res.headers as { etag: string };
    const same = await client.get('a', { headers: { 'If-None-Match': etag } } as never);
    expect(same.res.status).toBe(304);
  });

  it('never shows a secret in an error', async () => {
    const token = cloud.authority.issue(cloud.clock.now() + 60_000);
    for (const authorizationV4 of [true, false]) {
      const client = cloud.client({
        authorizationV4,
        accessKeyId: token.accessKeyId,
        accessKeySecret: 'X',
        stsToken: token.securityToken,
      });
      const error: unknown = await client.put('a', Buffer.from('x')).catch((one: unknown) => one);
      expect(error).toMatchObject({ code: 'SignatureDoesNotMatch' });
      expect(JSON.stringify(error) + String(error)).not.toContain(OWNER.accessKeySecret);
    }
  });
});
