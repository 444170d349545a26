import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
let eTag: string;
beforeEach(async () => {
  cloud = await startTestCloud();
  const { headers } = await sendSigned(cloud, {
    method: 'PUT',
    key: 'from/ü',
    body: 'text',
    headers: { 'content-type': 'a/b', 'x-oss-meta-a': '1', 'x-oss-tagging': 'k=v' },
  });
  eTag = String(headers.etag);
});
afterEach(() => cloud.close());

const SOURCE = `/${BUCKET}/from%2F%C3%BC`;
const copy = (headers: Record<string, string> = {}, key = 'to') =>
  sendSigned(cloud, { method: 'PUT', key, headers: { 'x-oss-copy-source': SOURCE, ...headers } });
const target = (key = 'to') => cloud.oss.service.objects.find({ bucket: BUCKET, key });

describe('CopyObject', () => {
  it('gives another key the same content, headers, metadata and tags', async () => {
    const reply = await copy();
    expect([reply.status, reply.element('ETag')]).toEqual([200, eTag.replaceAll('"', '&quot;')]);
    expect(target()).toMatchObject({
      headers: { 'content-type': 'a/b' },
      meta: { a: '1' },
      tags: [['k', 'v']],
      eTag: eTag.replaceAll('"', ''),
    });
    expect(await cloud.oss.service.readObject(BUCKET, 'to')).toEqual(Buffer.from('text'));
  });

  it('replaces metadata and tags when asked to, also of the object itself', async () => {
    await copy(
      {
        'x-oss-metadata-directive': 'REPLACE',
        'x-oss-tagging-directive': 'Replace',
        'x-oss-meta-b': '2',
      },
      'from/ü',
    );
    expect(target('from/ü')).toMatchObject({ meta: { b: '2' }, tags: [] });
    expect(await cloud.oss.service.readObject(BUCKET, 'from/ü')).toEqual(Buffer.from('text'));
  });

  it.each([
    ['if-match', () => eTag, 200],
    ['if-match', () => 'other', 412],
    ['if-none-match', () => eTag, 304],
    ['if-modified-since', () => new Date(Date.now() + 1e6).toUTCString(), 304],
    ['if-unmodified-since', () => new Date(0).toUTCString(), 412],
  ])('holds to the condition %s of its source', async (name, value, status) => {
    expect((await copy({ [`x-oss-copy-source-${name}`]: value() })).status).toBe(status);
    expect(target() !== undefined).toBe(status === 200);
  });

  it('overwrites nothing when that is forbidden', async () => {
    const forbid = { 'x-oss-forbid-overwrite': 'true' };
    expect((await copy(forbid)).status).toBe(200);
    expect((await copy(forbid)).element('Code')).toBe('FileAlreadyExists');
  });

  it.each([
    ['nonsense', 'InvalidArgument'],
    [`/${BUCKET}/`, 'InvalidArgument'],
    ['/UPPER/key', 'InvalidBucketName'],
    [`/${BUCKET}/%2Fkey`, 'InvalidObjectName'],
    [`/${BUCKET}/%zz`, 'InvalidURI'],
    ['/no-such-box/key', 'NoSuchBucket'],
    [`/${BUCKET}/missing`, 'NoSuchKey'],
    [`${SOURCE}?versionId=1`, 'NotImplemented'],
  ])('from %s answers %s', async (source, code) => {
    expect((await copy({ 'x-oss-copy-source': source })).element('Code')).toBe(code);
  });

  it('replaces everything but a Content-Type that is not given', async () => {
    await copy({ 'x-oss-metadata-directive': 'REPLACE', 'cache-control': 'no-store' });
    expect(target()).toMatchObject({
      headers: { 'content-type': 'a/b', 'cache-control': 'no-store' },
      meta: {},
    });
    await copy({ 'x-oss-metadata-directive': 'REPLACE', 'content-type': 'c/d' });
    expect(target()?.headers).toEqual({ 'content-type': 'c/d' });
  });

  it.each([undefined, 'COPY', 'REPLACE'])(
    'onto itself takes the metadata of the request, whatever the directive: %s',
    async (directive) => {
      const asked = directive ? { 'x-oss-metadata-directive': directive } : undefined;
      await copy({ ...asked, 'x-oss-meta-b': '2', expires: 'never' }, 'from/\u00fc');
      expect(target('from/\u00fc')).toMatchObject({
        headers: { 'content-type': 'a/b', expires: 'never' },
        meta: { b: '2' },
        tags: [['k', 'v']],
      });
    },
  );

  it.each(['replace', 'REPLACE', 'Replace', 'rePLACE', 'copy', 'COPY', 'Copy'])(
    'takes the directive %s',
    async (directive) => {
      const reply = await copy({
        'x-oss-metadata-directive': directive,
        'x-oss-tagging-directive': directive,
      });
      expect(reply.status).toBe(200);
      const replaced = directive.toLowerCase() === 'replace';
      expect(target()).toMatchObject({
        meta: replaced ? {} : { a: '1' },
        tags: replaced ? [] : [['k', 'v']],
      });
    },
  );

  it('with a directive that is none is refused', async () => {
    const reply = await copy({ 'x-oss-metadata-directive': 'MERGE' });
    expect(reply.element('Code')).toBe('InvalidArgument');
    expect(target()).toBeUndefined();
  });
});
