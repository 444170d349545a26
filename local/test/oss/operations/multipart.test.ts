import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectEvent } from '#src/oss/events';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

const PART = 100 * 1024;
const KEY = 'a/ü';
let cloud: TestCloud;
let uploadId: string;
beforeEach(async () => {
  cloud = await startTestCloud();
  const reply = await sendSigned(cloud, {
    method: 'POST',
    key: KEY,
    query: { uploads: undefined },
  });
  uploadId = reply.element('UploadId') ?? '';
});
afterEach(() => cloud.close());

async function part(number: number, body: Buffer | string) {
  const query = { partNumber: String(number), uploadId };
  const reply = await sendSigned(cloud, { method: 'PUT', key: KEY, query, body });
  return { number, eTag: String(reply.headers.etag), code: reply.element('Code') };
}
function complete(parts: { number: number; eTag: string }[], headers = {}, key = KEY) {
  const list = parts.map(
    ({ number, eTag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${eTag}</ETag></Part>`,
  );
  const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
  return sendSigned(cloud, { method: 'POST', key, query: { uploadId }, body, headers });
}

describe('a multipart upload', () => {
  it('becomes the object of the parts listed, in order, without the others', async () => {
    const events: ObjectEvent[] = [];
    cloud.oss.service.onEvent((event) => events.push(event));
    const [one, two] = [randomBytes(PART), randomBytes(PART)];
    const second = await part(2, two);
    await part(5, 'left out');
    await part(1, 'replaced');
    const first = await part(1, one);
    const last = await part(9, 'end');
    const reply = await complete([first, second, last]);
    expect(reply.status).toBe(200);
    expect(reply.element('Key')).toBe(KEY);
    expect(reply.element('Location')).toMatch(/^http:\/\/localhost:\d+\/box\/a\/%C3%BC$/);
    const content = await cloud.oss.service.readObject(BUCKET, KEY);
    expect(content.equals(Buffer.concat([one, two, Buffer.from('end')]))).toBe(true);
    expect(events).toMatchObject([
      { name: 'ObjectCreated:CompleteMultipartUpload', key: KEY, size: 2 * PART + 3 },
    ]);
    const again = await complete([first]);
    expect(again.element('Code')).toBe('NoSuchUpload');
  });

  it('reads ranges across its parts', async () => {
    const parts = [
      await part(1, Buffer.alloc(PART, 'a')),
      await part(2, Buffer.alloc(PART, 'b')),
      await part(3, 'c'),
    ];
    await complete(parts);
    const range = (text: string) => sendSigned(cloud, { key: KEY, headers: { range: text } });
    expect((await range(`bytes=${PART - 2}-${PART + 1}`)).text).toBe('aabb');
    expect((await range(`bytes=${2 * PART - 1}-`)).text).toBe('bc');
    expect((await range('bytes=-1')).text).toBe('c');
  });

  it('takes all parts without a list when asked to', async () => {
    await part(3, 'x');
    const headers = { 'x-oss-complete-all': 'yes' };
    const reply = await sendSigned(cloud, {
      method: 'POST',
      key: KEY,
      query: { uploadId },
      headers,
    });
    expect(reply.status).toBe(200);
    expect(await cloud.oss.service.readObject(BUCKET, KEY)).toEqual(Buffer.from('x'));
  });

  it('is refused out of order, with parts twice, unknown, changed or too small', async () => {
    const first = await part(1, Buffer.alloc(PART));
    const second = await part(2, 'small');
    const third = await part(3, 'small');
    const codes = async (...parts: { number: number; eTag: string }[]) =>
      (await complete(parts)).element('Code');
    expect(await codes(second, first)).toBe('InvalidPartOrder');
    expect(await codes(first, first)).toBe('InvalidPartOrder');
    expect(await codes(first, { number: 4, eTag: first.eTag })).toBe('InvalidPart');
    expect(await codes({ ...first, eTag: second.eTag })).toBe('InvalidPart');
    expect(await codes(first, second, third)).toBe('EntityTooSmall');
    expect((await complete([first, second])).status).toBe(200);
  });

  it('is not completed when the encoding of the answer is none', async () => {
    const begin = (encoding: string) =>
      sendSigned(cloud, {
        method: 'POST',
        key: 'odd',
        query: { uploads: undefined, 'encoding-type': encoding },
      });
    expect((await begin('base64')).element('Code')).toBe('InvalidArgument');
    const uploadId = (await begin('url')).element('UploadId');
    const complete = (encoding: string) =>
      sendSigned(cloud, {
        method: 'POST',
        key: 'odd',
        query: { uploadId, 'encoding-type': encoding },
        body: '<CompleteMultipartUpload/>',
      });
    expect((await complete('base64')).element('Code')).toBe('InvalidArgument');
    expect((await sendSigned(cloud, { method: 'HEAD', key: 'odd' })).status).toBe(404);
    expect((await complete('url')).status).toBe(200);
  });

  it('of which no part is listed becomes an empty object', async () => {
    await part(1, 'left out');
    expect((await complete([])).status).toBe(200);
    expect(cloud.oss.service.objects.require({ bucket: BUCKET, key: KEY })).toMatchObject({
      type: 'Multipart',
      size: 0,
      crc64: '0',
    });
    expect([...cloud.oss.service.store.parts.range('')]).toEqual([]);
  });

  it.each(['', '<Other/>', 'no XML', '<CompleteMultipartUpload><Part/></CompleteMultipartUpload>'])(
    'that is not there is NoSuchUpload, also when it is completed with %j',
    async (body) => {
      const query = { uploadId: 'A'.repeat(32) };
      const reply = await sendSigned(cloud, { method: 'POST', key: KEY, query, body });
      expect([reply.status, reply.element('Code')]).toEqual([404, 'NoSuchUpload']);
      const known = await sendSigned(cloud, {
        method: 'POST',
        key: KEY,
        query: { uploadId },
        body,
      });
      expect([known.status, known.element('Code')]).toEqual([400, 'MalformedXML']);
    },
  );

  it('leaves its parts alone when it may not overwrite', async () => {
    await sendSigned(cloud, { method: 'PUT', key: KEY, body: 'there' });
    const one = await part(1, 'new');
    const reply = await complete([one], { 'x-oss-forbid-overwrite': 'true' });
    expect(reply.element('Code')).toBe('FileAlreadyExists');
    expect((await complete([one])).status).toBe(200);
    expect(await cloud.oss.service.readObject(BUCKET, KEY)).toEqual(Buffer.from('new'));
  });

  it.each(['0', '10001', 'x', '-1', '1.0'])('refuses the part number %s', async (partNumber) => {
    const query = { partNumber, uploadId };
    const reply = await sendSigned(cloud, { method: 'PUT', key: KEY, query, body: 'x' });
    expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidArgument']);
  });

  it('is not known by another key, nor with another id', async () => {
    const one = await part(1, 'x');
    expect((await complete([one], {}, 'other')).element('Code')).toBe('NoSuchUpload');
    for (const id of ['', 'x', '0'.repeat(32), '\0', '../..']) {
      const query = { uploadId: id, partNumber: '1' };
      const reply = await sendSigned(cloud, { method: 'PUT', key: KEY, query, body: 'x' });
      expect([reply.status, reply.element('Code')]).toEqual([404, 'NoSuchUpload']);
    }
  });

  it('is gone when aborted, with its parts', async () => {
    await part(1, 'x');
    const abort = () => sendSigned(cloud, { method: 'DELETE', key: KEY, query: { uploadId } });
    expect((await abort()).status).toBe(204);
    expect((await abort()).element('Code')).toBe('NoSuchUpload');
    expect((await part(2, 'y')).code).toBe('NoSuchUpload');
    expect([...cloud.oss.service.store.parts.range('')]).toEqual([]);
  });

  it('keeps its bucket from being removed', async () => {
    expect((await sendSigned(cloud, { method: 'DELETE' })).element('Code')).toBe('BucketNotEmpty');
  });

  it('lists its parts in pages', async () => {
    for (const number of [3, 1, 2]) await part(number, 'x');
    const list = (query: object) => sendSigned(cloud, { key: KEY, query: { uploadId, ...query } });
    const first = await list({ 'max-parts': '2' });
    expect([...first.text.matchAll(/<PartNumber>(\d)/g)].map(([, n]) => n)).toEqual(['1', '2']);
    expect([first.element('IsTruncated'), first.element('NextPartNumberMarker')]).toEqual([
      'true',
      '2',
    ]);
    const rest = await list({ 'part-number-marker': '2' });
    expect([...rest.text.matchAll(/<PartNumber>(\d)/g)].map(([, n]) => n)).toEqual(['3']);
    expect(rest.element('IsTruncated')).toBe('false');
  });

  it('copies a part of an object as its part', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'source', body: '0123456789' });
    const copy = (range?: string) =>
      sendSigned(cloud, {
        method: 'PUT',
        key: KEY,
        query: { partNumber: '1', uploadId },
        headers: {
          'x-oss-copy-source': `/${BUCKET}/source`,
          ...(range && { 'x-oss-copy-source-range': range }),
        },
      });
    expect((await copy('bytes=8-12')).element('Code')).toBe('InvalidRange');
    const reply = await copy('bytes=2-4');
    expect(reply.headers['content-range']).toBe('bytes 2-4/10');
    expect((await complete([{ number: 1, eTag: String(reply.headers.etag) }])).status).toBe(200);
    expect(await cloud.oss.service.readObject(BUCKET, KEY)).toEqual(Buffer.from('234'));
  });

  it('that is refused a copied part keeps no file of the source', async () => {
    const data = await mkdtemp(join(tmpdir(), 'oss-'));
    const durable = await startTestCloud(data);
    await sendSigned(durable, { method: 'PUT', key: 'source', body: '0123456789' });
    const reply = await sendSigned(durable, {
      method: 'PUT',
      key: KEY,
      query: { partNumber: '1', uploadId: 'A'.repeat(32) },
      headers: { 'x-oss-copy-source': `/${BUCKET}/source` },
    });
    expect(reply.element('Code')).toBe('NoSuchUpload');
    await sendSigned(durable, { method: 'DELETE', key: 'source' });
    await durable.close();
    const left = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
    await rm(data, { recursive: true });
  });
});

describe('ListMultipartUploads', () => {
  it('pages by key and by id, and rolls up', async () => {
    for (const key of ['b', 'b', 'c/1', 'c/2', 'd'])
      await sendSigned(cloud, { method: 'POST', key, query: { uploads: undefined } });
    const seen: string[] = [];
    let marker: Record<string, string> = {};
    for (let page = 0; page < 10; page += 1) {
      const query = { uploads: undefined, 'max-uploads': '1', delimiter: '/', ...marker };
      const reply = await sendSigned(cloud, { query });
      const upload = /<Upload><Key>([^<]*)/.exec(reply.text)?.[1];
      const rolled = /<CommonPrefixes><Prefix>([^<]*)/.exec(reply.text)?.[1];
      seen.push(upload ?? rolled ?? '');
      if (reply.element('IsTruncated') === 'false') break;
      marker = {
        'key-marker': reply.element('NextKeyMarker') ?? '',
        'upload-id-marker': reply.element('NextUploadIdMarker') ?? '',
      };
    }
    expect(seen).toEqual(['a/', 'b', 'b', 'c/', 'd']);
  });

  it('names the upload of the answer last, and the class of each', async () => {
    const reply = await sendSigned(cloud, { query: { uploads: undefined } });
    const said = {
      Bucket: BUCKET,
      KeyMarker: '',
      UploadIdMarker: '',
      NextKeyMarker: KEY,
      NextUploadIdMarker: uploadId,
      Delimiter: '',
      Prefix: '',
      MaxUploads: '1000',
      IsTruncated: 'false',
      Key: KEY,
      UploadId: uploadId,
      StorageClass: 'Standard',
    };
    for (const [name, text] of Object.entries(said)) expect(reply.element(name), name).toBe(text);
    expect(reply.element('Initiated')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  });

  it('skips all uploads of the marker key when no id is given', async () => {
    for (const key of ['b', 'b', 'c'])
      await sendSigned(cloud, { method: 'POST', key, query: { uploads: undefined } });
    const reply = await sendSigned(cloud, { query: { uploads: undefined, 'key-marker': 'b' } });
    expect([...reply.text.matchAll(/<Key>([^<]*)/g)].map(([, key]) => key)).toEqual(['c']);
  });
});

describe('ListParts', () => {
  it('says of which class the upload is', async () => {
    const headers = { 'x-oss-storage-class': 'IA' };
    const query = { uploads: undefined };
    const begun = await sendSigned(cloud, { method: 'POST', key: 'rare', query, headers });
    const id = begun.element('UploadId');
    const reply = await sendSigned(cloud, { key: 'rare', query: { uploadId: id } });
    expect(reply.element('StorageClass')).toBe('IA');
  });
});
