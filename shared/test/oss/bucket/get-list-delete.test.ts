import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc64 } from '#src/oss/bucket/crc64';
import { BUCKET, localOss } from '../local-oss.ts';

describe('getObject and headObject', () => {
  it('return content and properties in their types', async () => {
    const { client, clock } = await localOss();
    const stored = await client.putObject('key.bin', Buffer.from([1, 2, 3]));
    const facts = {
      eTag: stored.eTag,
      crc64: stored.crc64,
      size: 3,
      contentType: 'application/octet-stream',
      lastModified: Math.floor(clock.now() / 1000) * 1000,
      metadata: {},
      requestId: expect.any(String),
    };
    expect(await client.headObject('key.bin')).toEqual(facts);
    const object = await client.getObject('key.bin');
    expect(object).toEqual({ ...facts, body: Buffer.from([1, 2, 3]) });
  });

  it('return an empty object', async () => {
    const { client } = await localOss();
    await client.putObject('empty', '');
    expect(await client.getObject('empty')).toMatchObject({ size: 0, body: Buffer.alloc(0) });
  });

  it('unpack content that is stored packed', async () => {
    const { client, stored } = await localOss();
    const packed = gzipSync('hello');
    await client.putObject('key', packed, { headers: { 'Content-Encoding': 'gzip' } });
    expect(await stored('key')).toEqual(packed);
    const { body, size, crc64: checksum } = await client.getObject('key');
    expect([String(body), size, checksum]).toEqual(['hello', 5, await crc64(packed)]);
  });

  it('refuse content that is not packed as it says', async () => {
    const { client } = await localOss();
    await client.putObject('key', 'not gzip', { headers: { 'Content-Encoding': 'gzip' } });
    await expect(client.getObject('key')).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });

  it('name the missing object', async () => {
    const { client } = await localOss();
    for (const attempt of [() => client.getObject('gone'), () => client.headObject('gone')])
      await expect(attempt()).rejects.toMatchObject({
        code: 'NoSuchKey',
        status: 404,
        requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
        message: expect.stringContaining(`object "gone" in bucket "${BUCKET}" failed with 404`),
      });
  });
});

describe('deleteObject and listObjects', () => {
  it('delete an object, and succeed if it does not exist', async () => {
    const { client } = await localOss();
    await client.putObject('key', 'x');
    await client.deleteObject('key');
    await client.deleteObject('key');
    expect(await client.listObjects()).toEqual({ objects: [], prefixes: [] });
  });

  it('list page by page', async () => {
    const { client } = await localOss();
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1', 'c & d']) await client.putObject(key, key);
    const keys = (page: { objects: { key: string }[] }) => page.objects.map(({ key }) => key);
    const first = await client.listObjects({ prefix: 'a/', max: 2 });
    expect(keys(first)).toEqual(['a/1', 'a/2']);
    expect(first.objects[0]).toEqual({
      key: 'a/1',
      size: 3,
      eTag: createHash('md5').update('a/1').digest('hex').toUpperCase(),
      lastModified: expect.any(Number),
    });
    const second = await client.listObjects({ prefix: 'a/', max: 2, token: first.nextToken ?? '' });
    expect(keys(second)).toEqual(['a/3']);
    expect(second.nextToken).toBeUndefined();
    const folders = await client.listObjects({ delimiter: '/' });
    expect(folders.prefixes).toEqual(['a/', 'b/']);
    expect(keys(folders)).toEqual(['c & d']);
    expect(keys(await client.listObjects({ startAfter: 'a/3' }))).toEqual(['b/1', 'c & d']);
    await expect(client.listObjects({ max: 0 })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });
});
