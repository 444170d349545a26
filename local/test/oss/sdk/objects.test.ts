import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, headerText, startTestCloud, type TestCloud } from '../helpers.ts';
import { KEY, SIGNATURES } from './signatures.ts';

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

describe.each(SIGNATURES)('ali-oss with signatures %s', (_, options) => {
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

  it('returns the metadata and the ACL of an object', async () => {
    await client.put('a', Buffer.from('four'));
    const { res } = await client.getObjectMeta('a');
    expect(res.headers).toMatchObject({ 'content-length': '4' });
    expect(await client.getACL('a')).toMatchObject({ acl: 'default' });
    await client.putACL('a', 'public-read');
    expect(await client.getACL('a')).toMatchObject({ acl: 'public-read' });
  });

  it('takes UTF-8 metadata', async () => {
    const latin = cloud.client({ ...options, headerEncoding: 'latin1' } as never);
    await latin.put('a', Buffer.from('x'), { meta: { name: 'Jürgen 日本' } as never });
    const { meta } = await latin.head('a');
    expect(headerText((meta as unknown as { name: string }).name)).toBe('Jürgen 日本');
  });
});

describe('ali-oss', () => {
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
});
