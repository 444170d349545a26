import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

const put = (name: string, body: string, headers = {}) =>
  target.send({ method: 'PUT', key: target.key(name), body, headers });
const md5 = (text: string) => createHash('md5').update(text).digest('hex').toUpperCase();

describe('an object', () => {
  it('is put, got and described with its tag, checksum and headers', async () => {
    const stored = await put('ü/a b+c.txt', '123456789', {
      'content-type': 'text/plain',
      'cache-control': 'no-cache',
      'x-oss-meta-author': 'me',
    });
    expect(stored.status).toBe(200);
    const identity = {
      etag: `"${md5('123456789')}"`,
      'x-oss-hash-crc64ecma': '11051210869376104954',
    };
    expect(stored.headers).toMatchObject({
      ...identity,
      'content-md5': 'JfnnlDI7RTiF9RgfG2JNCw==',
    });
    const got = await target.send({ key: target.key('ü/a b+c.txt') });
    expect(got.body.toString()).toBe('123456789');
    const headers = {
      ...identity,
      'content-type': 'text/plain',
      'cache-control': 'no-cache',
      'x-oss-meta-author': 'me',
      'x-oss-object-type': 'Normal',
      'x-oss-storage-class': 'Standard',
      'content-length': '9',
    };
    expect(got.headers).toMatchObject(headers);
    expect(got.headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);
    const head = await target.send({ method: 'HEAD', key: target.key('ü/a b+c.txt') });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers).toMatchObject(headers);
    const meta = await target.send({
      method: 'HEAD',
      key: target.key('ü/a b+c.txt'),
      query: { objectMeta: undefined },
    });
    expect(meta.headers).toMatchObject({ etag: identity.etag, 'content-length': '9' });
  });

  it('is got in part, and whole for a range beyond it unless the standard is asked for', async () => {
    await put('range', 'abcdef');
    const get = (headers: Record<string, string>) =>
      target.send({ key: target.key('range'), headers });
    const part = await get({ range: 'bytes=1-2' });
    expect([part.status, part.body.toString(), part.headers['content-range']]).toEqual([
      206,
      'bc',
      'bytes 1-2/6',
    ]);
    expect((await get({ range: 'bytes=-2' })).body.toString()).toBe('ef');
    expect((await get({ range: 'bytes=10-20' })).status).toBe(200);
    expect((await get({ range: 'bytes=10-20', 'x-oss-range-behavior': 'standard' })).status).toBe(
      416,
    );
  });

  it('is got by conditions', async () => {
    await put('conditions', 'x');
    const get = async (headers: Record<string, string>) =>
      (await target.send({ key: target.key('conditions'), headers })).status;
    expect(await get({ 'if-match': `"${md5('x')}"` })).toBe(200);
    expect(await get({ 'if-match': '"0"' })).toBe(412);
    expect(await get({ 'if-none-match': `"${md5('x')}"` })).toBe(304);
    expect(await get({ 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() })).toBe(
      304,
    );
    expect(await get({ 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' })).toBe(412);
  });

  it('is copied with its metadata, or with others', async () => {
    await put('source', 'x', { 'x-oss-meta-a': '1' });
    const source = `/${target.bucket}/${encodeURIComponent(target.key('source'))}`;
    const copy = (headers = {}) =>
      target.send({
        method: 'PUT',
        key: target.key('copy'),
        headers: { 'x-oss-copy-source': source, ...headers },
      });
    const head = () => target.send({ method: 'HEAD', key: target.key('copy') });
    expect((await copy()).element('ETag')).toContain(md5('x'));
    expect((await head()).headers['x-oss-meta-a']).toBe('1');
    await copy({ 'x-oss-metadata-directive': 'REPLACE', 'x-oss-meta-b': '2' });
    const { headers } = await head();
    expect([headers['x-oss-meta-a'], headers['x-oss-meta-b']]).toEqual([undefined, '2']);
    expect((await copy({ 'x-oss-copy-source-if-match': '"0"' })).status).toBe(412);
  });

  it('is deleted, alone and with others, whether or not it is there', async () => {
    for (const name of ['d1', 'd2', 'd3']) await put(name, 'x');
    expect((await target.send({ method: 'DELETE', key: target.key('d1') })).status).toBe(204);
    expect((await target.send({ method: 'DELETE', key: target.key('d1') })).status).toBe(204);
    const { deleted } = await target.client.deleteMulti([target.key('d2'), target.key('d3')]);
    expect(deleted).toHaveLength(2);
    expect((await target.send({ key: target.key('d2') })).status).toBe(404);
  });

  it('grows by appending', async () => {
    const append = (position: string, body: string) =>
      target.send({
        method: 'POST',
        key: target.key('log'),
        query: { append: undefined, position },
        body,
      });
    const first = await append('0', '1234');
    expect([first.status, first.headers['x-oss-next-append-position']]).toEqual([200, '4']);
    const second = await append('4', '56789');
    expect(second.headers['x-oss-hash-crc64ecma']).toBe('11051210869376104954');
    const wrong = await append('4', 'x');
    expect([
      wrong.status,
      wrong.element('Code'),
      wrong.headers['x-oss-next-append-position'],
    ]).toEqual([409, 'PositionNotEqualToLength', '9']);
    const got = await target.send({ key: target.key('log') });
    expect([got.body.toString(), got.headers['x-oss-object-type']]).toEqual([
      '123456789',
      'Appendable',
    ]);
    expect(got.headers['x-oss-next-append-position']).toBe('9');
    await put('normal', 'x');
    const other = await target.send({
      method: 'POST',
      key: target.key('normal'),
      query: { append: undefined, position: '1' },
      body: 'y',
    });
    expect([other.status, other.element('Code')]).toEqual([409, 'ObjectNotAppendable']);
  });

  it('is read through a symlink', async () => {
    await put('target ü', 'content');
    await target.client.putSymlink(target.key('link'), target.key('target ü'), {} as never);
    const { targetName } = await target.client.getSymlink(target.key('link'));
    expect(targetName).toBe(target.key('target ü'));
    const got = await target.send({ key: target.key('link') });
    expect([got.body.toString(), got.headers['x-oss-object-type']]).toEqual(['content', 'Symlink']);
    await target.send({ method: 'DELETE', key: target.key('target ü') });
    const gone = await target.send({ key: target.key('link') });
    expect([gone.status, gone.element('Code')]).toEqual([404, 'SymlinkTargetNotExist']);
    await put('no link', 'x');
    const none = await target.send({ key: target.key('no link'), query: { symlink: undefined } });
    expect([none.status, none.element('Code')]).toEqual([400, 'NotSymlink']);
  });

  it('has tags', async () => {
    await put('tags', 'x', { 'x-oss-tagging': 'a=1' });
    const key = target.key('tags');
    expect((await target.client.getObjectTagging(key)).tag).toEqual({ a: '1' });
    await target.client.putObjectTagging(key, { b: '2', c: '3' });
    const head = await target.send({ method: 'HEAD', key });
    expect(head.headers['x-oss-tagging-count']).toBe('2');
    await target.client.deleteObjectTagging(key);
    expect((await target.client.getObjectTagging(key)).tag).toEqual({});
    const tags = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v']));
    const body = `<Tagging><TagSet>${Object.keys(tags)
      .map((tag) => `<Tag><Key>${tag}</Key><Value/></Tag>`)
      .join('')}</TagSet></Tagging>`;
    expect(
      (await target.send({ method: 'PUT', key, query: { tagging: undefined }, body })).status,
    ).toBe(400);
  });

  it('has an ACL', async () => {
    await put('acl', 'x');
    expect((await target.client.getACL(target.key('acl'))).acl).toBe('default');
    await target.client.putACL(target.key('acl'), 'private');
    expect((await target.client.getACL(target.key('acl'))).acl).toBe('private');
  });

  it('is listed by prefix, delimiter and page, by both versions', async () => {
    for (const name of ['l/a', 'l/b/1', 'l/b/2', 'l/c']) await put(name, 'x');
    const prefix = target.key('l/');
    const query = { prefix, delimiter: '/', 'encoding-type': 'url' };
    const first = await target.send({ query: { ...query, 'max-keys': '2' } });
    expect([
      first.element('IsTruncated'),
      decodeURIComponent(first.element('NextMarker') ?? ''),
    ]).toEqual(['true', `${prefix}b/`]);
    const { objects = [], prefixes } = await target.client.listV2({ prefix, delimiter: '/' }, {});
    expect(objects.map(({ name }) => name)).toEqual([`${prefix}a`, `${prefix}c`]);
    expect(prefixes).toEqual([`${prefix}b/`]);
  });

  it('arrives in parts', async () => {
    const { client } = target;
    const key = target.key('parts');
    const { uploadId } = await client.initMultipartUpload(key);
    const pieces = [Buffer.alloc(102_400, 'a'), Buffer.alloc(10, 'b')];
    const parts = [];
    for (const [index, piece] of pieces.entries()) {
      const part = await client.uploadPart(
        key,
        uploadId,
        index + 1,
        piece as never,
        0,
        piece.length,
      );
      parts.push({
        number: index + 1,
        etag: String((part.res.headers as Record<string, string>).etag),
      });
    }
    expect((await client.listParts(key, uploadId)).parts).toHaveLength(2);
    const { uploads = [] } = await client.listUploads({ prefix: key, 'max-uploads': 10 });
    expect(uploads.map((upload: { uploadId: string }) => upload.uploadId)).toEqual([uploadId]);
    await client.completeMultipartUpload(key, uploadId, parts);
    const head = await target.send({ method: 'HEAD', key });
    expect([head.headers['content-length'], head.headers['x-oss-object-type']]).toEqual([
      '102410',
      'Multipart',
    ]);
    const aborted = await client.initMultipartUpload(key);
    await client.abortMultipartUpload(key, aborted.uploadId);
    await expect(client.listParts(key, aborted.uploadId)).rejects.toMatchObject({
      code: 'NoSuchUpload',
    });
  });
});

describe('its bucket', () => {
  it('reports its own properties', async () => {
    const ask = (name: string) => target.send({ query: { [name]: undefined } });
    expect((await ask('bucketInfo')).element('Name')).toBe(target.bucket);
    expect((await ask('location')).element('LocationConstraint')).toBe(`oss-${target.region}`);
    expect((await ask('stat')).element('ObjectCount')).toMatch(/^\d+$/);
    expect((await ask('acl')).element('Grant')).toMatch(
      /^(private|public-read|public-read-write)$/,
    );
    expect((await ask('versioning')).status).toBe(200);
    for (const name of ['cors', 'lifecycle'])
      expect([200, 404]).toContain((await ask(name)).status);
  });
});
