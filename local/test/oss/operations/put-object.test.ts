import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectEvent } from '#src/oss/events';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const md5 = (text: string) => createHash('md5').update(text).digest('base64');
const put = (headers: Record<string, string>, body = 'text') =>
  sendSigned(cloud, { method: 'PUT', key: 'a', headers, body });
const stored = () => cloud.oss.service.objects.find({ bucket: BUCKET, key: 'a' });

describe('PutObject', () => {
  it('answers with ETag, checksum and digest', async () => {
    const { status, headers, text } = await put({}, '123456789');
    expect([status, text]).toEqual([200, '']);
    expect(headers).toMatchObject({
      etag: '"25F9E794323B453885F5181F1B624D0B"',
      'x-oss-hash-crc64ecma': '11051210869376104954',
      'content-md5': 'JfnnlDI7RTiF9RgfG2JNCw==',
      server: 'AliyunOSS',
    });
  });

  it('takes content of the right digest only', async () => {
    expect((await put({ 'content-md5': md5('text') })).status).toBe(200);
    for (const digest of [md5('other'), 'no digest', '']) {
      const reply = await put({ 'content-md5': digest }, 'changed');
      expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidDigest']);
    }
    expect(await cloud.oss.service.readObject(BUCKET, 'a')).toEqual(Buffer.from('text'));
  });

  it('leaves an object alone when overwriting is forbidden', async () => {
    const forbid = { 'x-oss-forbid-overwrite': 'true' };
    expect((await put(forbid, 'first')).status).toBe(200);
    const reply = await put(forbid, 'second');
    expect([reply.status, reply.element('Code')]).toEqual([409, 'FileAlreadyExists']);
    expect((await put({ 'x-oss-forbid-overwrite': 'false' }, 'third')).status).toBe(200);
    expect(await cloud.oss.service.readObject(BUCKET, 'a')).toEqual(Buffer.from('third'));
  });

  it('keeps headers, metadata, ACL, class and tags', async () => {
    await put({
      'content-type': 'text/plain',
      'content-disposition': 'attachment',
      'content-encoding': 'gzip',
      expires: 'never',
      'x-oss-meta-some-name': ' value ',
      'x-oss-object-acl': 'public-read',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging': 'a=1&b%20c=x%3Ay%2Fz&d',
      'x-oss-server-side-encryption': 'AES256',
    });
    expect(stored()).toMatchObject({
      acl: 'public-read',
      tags: [
        ['a', '1'],
        ['b c', 'x:y/z'],
        ['d', ''],
      ],
    });
    const { headers } = await sendSigned(cloud, { method: 'HEAD', key: 'a' });
    expect(headers).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': 'attachment',
      'content-encoding': 'gzip',
      expires: 'never',
      'x-oss-meta-some-name': 'value',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging-count': '3',
      'x-oss-server-side-encryption': 'AES256',
    });
  });

  it('gives content without a type the type of any bytes', async () => {
    await put({});
    expect(stored()?.headers).toEqual({ 'content-type': 'application/octet-stream' });
  });

  it('keeps tags in any writing', async () => {
    await put({ 'x-oss-tagging': '%20%2B%2F%20=%E4%B8%AD%E6%96%87&%E4%B8%AD%E6%96%87=%2B%2B%2F' });
    expect(stored()?.tags).toEqual([
      [' +/ ', '\u4e2d\u6587'],
      ['\u4e2d\u6587', '++/'],
    ]);
    const reply = await sendSigned(cloud, { key: 'a', query: { tagging: undefined } });
    expect(reply.text).toContain('<Key>\u4e2d\u6587</Key><Value>++/</Value>');
    const again = await sendSigned(cloud, {
      method: 'PUT',
      key: 'a',
      query: { tagging: undefined },
      body: '<Tagging><TagSet><Tag><Key>\u00fc</Key><Value>\u{1f600}</Value></Tag></TagSet></Tagging>',
    });
    expect(again.status).toBe(200);
    expect(stored()?.tags).toEqual([['\u00fc', '\u{1f600}']]);
  });

  it.each([
    ['InvalidArgument', { 'x-oss-object-acl': 'everybody' }],
    ['InvalidArgument', { 'x-oss-storage-class': 'Cheap' }],
    ['InvalidArgument', { 'x-oss-forbid-overwrite': 'yes' }],
    ['InvalidArgument', { 'x-oss-meta-a': 'x'.repeat(8200) }],
    ['InvalidArgument', { 'content-encoding': 'aws-chunked' }],
    ['InvalidTag', { 'x-oss-tagging': 'a=1&a=2' }],
    ['InvalidTag', { 'x-oss-tagging': '=1' }],
    ['InvalidTag', { 'x-oss-tagging': 'aa=bb=cc' }],
    ['InvalidTag', { 'x-oss-tagging': 'a=%C2%80' }],
    ['InvalidTag', { 'x-oss-tagging': 'a%26=1' }],
    ['InvalidTag', { 'x-oss-tagging': `a=${'x'.repeat(257)}` }],
    ['InvalidTag', { 'x-oss-tagging': 'a&b&c&d&e&f&g&h&i&j&k' }],
  ])('answers %s for %j and stores nothing', async (code, headers) => {
    const reply = await put(headers);
    expect([reply.status, reply.element('Code')]).toEqual([400, code]);
    expect(stored()).toBeUndefined();
  });

  it('wants a length, and no more than 5 GB of it', async () => {
    expect(await sendHead({})).toContain('411 Length Required');
    const tooMuch = { 'content-length': String(5 * 1024 ** 3 + 1) };
    expect(await sendHead(tooMuch)).toContain('<Code>EntityTooLarge</Code>');
  });

  it('keeps the old object when a client goes away in the middle', async () => {
    await put({}, 'old');
    await sendHead({ 'content-length': '100' }, 'half', true);
    // The server has seen the end of that connection once it has answered another request.
    await sendSigned(cloud, { method: 'HEAD', key: 'a' });
    expect(await cloud.oss.service.readObject(BUCKET, 'a')).toEqual(Buffer.from('old'));
  });

  it('notifies listeners that an object was put, by whom and in which request', async () => {
    const events: ObjectEvent[] = [];
    cloud.oss.service.onEvent((event) => events.push(event));
    const { headers } = await put({});
    expect(events).toEqual([
      {
        name: 'ObjectCreated:PutObject',
        bucket: BUCKET,
        key: 'a',
        size: 4,
        deltaSize: 4,
        eTag: '1CB251EC0D568DE6A929B520C4AED8D1',
        time: cloud.clock.now(),
        requestId: headers['x-oss-request-id'],
        requester: expect.objectContaining({ kind: 'account' }),
        sourceIp: '127.0.0.1',
      },
    ]);
  });

  it('into a bucket that is not there is refused', async () => {
    const reply = await sendSigned(cloud, { method: 'PUT', bucket: 'none', key: 'a', body: 'x' });
    expect([reply.status, reply.element('Code'), reply.element('BucketName')]).toEqual([
      404,
      'NoSuchBucket',
      'none',
    ]);
  });
});

/** Sends the head of a put by an open URL, and a part of its body; returns the answer. */
async function sendHead(headers: Record<string, string>, body = '', hangUp = false) {
  const path = cloud
    .client()
    .signatureUrl('a', { method: 'PUT', expires: 60 })
    .replace(/^http:\/\/[^/]+/, '');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise<string>((resolve, reject) => {
    const socket = connect(cloud.oss.port, '127.0.0.1');
    let reply = '';
    socket.on('error', reject);
    socket.on('close', () => resolve(reply));
    socket.on('data', (chunk) => {
      reply += String(chunk);
      if (reply.includes('</Error>')) socket.destroy();
    });
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n${body}`, () => {
      if (hangUp) socket.destroy();
    });
  });
}
