import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signV1, stringToSignV1 } from '#src/oss/signature/v1';
import {
  BUCKET,
  OWNER,
  type Reply,
  send,
  sendSigned,
  startTestCloud,
  type TestCloud,
} from './helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const NAME = 'x-oss-content-sha256';
const outcome = (reply: Reply) => [reply.status, reply.element('Code'), reply.element('EC')];
const REFUSED = [400, 'InvalidArgument', '0002-00000214'];
const pathOf = (url: string) => url.replace(/^http:\/\/[^/]+/, '');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a hash of the content, which no signature covers,', () => {
  const values = [sha256('text'), sha256('other'), 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', ''];

  it.each(values)('%j is refused in a header signed by version 4', async (value) => {
    const headers = { [NAME]: value };
    const reply = await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text', headers });
    expect(outcome(reply)).toEqual(REFUSED);
    expect(reply.element('Message')).toBe(
      'The x-oss-content-sha256 only supports UNSIGNED-PAYLOAD.',
    );
    expect(reply.element('ArgumentName')).toBe(NAME);
    expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);
  });

  it.each(values)('%j is refused in a header signed by version 1', async (value) => {
    const date = new Date(cloud.clock.now()).toUTCString();
    const headers = { [NAME]: value };
    const request = { method: 'PUT', bucket: BUCKET, key: 'a', query: [], headers };
    const signature = signV1(OWNER.accessKeySecret, stringToSignV1(request, date));
    const reply = await send(cloud, {
      method: 'PUT',
      path: `/${BUCKET}/a`,
      headers: { ...headers, date, authorization: `OSS ${OWNER.accessKeyId}:${signature}` },
      body: 'text',
    });
    expect(outcome(reply)).toEqual(REFUSED);
  });

  it.each(values)(
    '%j is refused with signed URLs of both versions, and with a form',
    async (value) => {
      const client = cloud.client();
      const headers = { [NAME]: value };
      for (const path of [
        pathOf(client.signatureUrl('a', { method: 'PUT', expires: 60 })),
        pathOf(await client.signatureUrlV4('PUT', 60, undefined, 'a')),
      ])
        expect(outcome(await send(cloud, { method: 'PUT', path, headers, body: 'text' }))).toEqual(
          REFUSED,
        );
      const field = (name: string, text: string) =>
        `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
      await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
      const reply = await send(cloud, {
        method: 'POST',
        path: `/${BUCKET}`,
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: `${field('key', 'a')}${field(NAME, value)}${field('file', 'text')}--x--\r\n`,
      });
      expect(reply.status).toBe(501);
      expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);
    },
  );

  it('is refused of the other operations too', async () => {
    const headers = { [NAME]: sha256('') };
    for (const signed of [
      {},
      { key: 'a' },
      { method: 'DELETE', key: 'a' },
      { query: { acl: undefined } },
    ])
      expect(outcome(await sendSigned(cloud, { ...signed, headers }))).toEqual(REFUSED);
  });
});

describe('what a client says of the content', () => {
  it.each(['x-oss-hash-ctx', 'x-oss-decoded-content-length', 'x-amz-decoded-content-length'])(
    '%s is refused, as it is compared with nothing',
    async (name) => {
      const headers = { [name]: '4' };
      const reply = await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text', headers });
      expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
      expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);
    },
  );

  it.each<[string, object]>([
    ['PutObject', { method: 'PUT', key: 'a' }],
    ['AppendObject', { method: 'POST', key: 'a', query: { append: undefined, position: '0' } }],
    ['DeleteMultipleObjects', { method: 'POST', query: { delete: undefined } }],
    ['PutBucketCors', { method: 'PUT', query: { cors: undefined } }],
  ])('its MD5 is compared by %s', async (_, signed) => {
    const digest = createHash('md5').update('other').digest('base64');
    const headers = { 'content-md5': digest };
    const reply = await sendSigned(cloud, { ...signed, body: 'text', headers });
    expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidDigest']);
  });

  /** Sends chunked content that has a Content-Length too, as ali-oss does for a stream. */
  const sendBoth = (path: string, length: number, content: string, method = 'PUT') =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(cloud.oss.port, '127.0.0.1');
      let reply = '';
      socket.on('error', reject).on('close', () => resolve(reply));
      socket.on('data', (chunk) => {
        reply += String(chunk);
      });
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${length}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      socket.write(`${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`);
    });

  it.each([
    [5, 'x'.repeat(1000)],
    [5, 'four'],
    [0, 'x'],
  ])('a length of %i is held to, also of what comes chunked', async (length, content) => {
    const url = () => pathOf(cloud.client().signatureUrl('a', { method: 'PUT', expires: 60 }));
    const reply = await sendBoth(url(), length, content);
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
    expect(reply).toContain('<Code>IncompleteBody</Code>');
    expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);
    expect(await sendBoth(url(), content.length, content)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await cloud.oss.service.readObject(BUCKET, 'a')).toEqual(Buffer.from(content));
  });
});
