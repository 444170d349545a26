import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#test/seeded-random';
import { BUCKET, OWNER, send, sendSigned, startTestCloud, type TestCloud } from './helpers.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
});
afterAll(() => cloud.close());

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];
const QUERIES = `acl bucketInfo location stat uploads delete objectMeta tagging append position=0
  uploadId=${'A'.repeat(32)} partNumber=1 list-type=2 max-keys=3 prefix=%FF delimiter=/ marker=a%
  continuation-token=YQ encoding-type=url response-content-type=a%0Db x-oss-expires=9
  OSSAccessKeyId=${OWNER.accessKeyId} Signature=a Expires=99999999999 x-oss-signature=00
  x-oss-signature-version=OSS4-HMAC-SHA256 x-oss-credential=a/b/c/d/e security-token=x`.split(
  /\s+/,
);
const HEADERS: [string, string][] = [
  ['range', 'bytes=1-0'],
  ['if-match', '*'],
  ['x-oss-copy-source', `/${BUCKET}/a`],
  ['x-oss-copy-source', '/%'],
  ['x-oss-copy-source-range', 'bytes=9-1'],
  ['x-oss-metadata-directive', 'REPLACE'],
  ['x-oss-tagging', '%'],
  ['x-oss-object-acl', 'private'],
  ['x-oss-acl', 'public-read-write'],
  ['content-md5', 'AAAA'],
  ['content-type', '\xff\xfe'],
  ['authorization', 'OSS a:b'],
  ['authorization', 'OSS4-HMAC-SHA256 Credential=,Signature='],
  ['date', 'never'],
  ['x-oss-date', '20260101T000000Z'],
  ['x-oss-security-token', ''],
  ['host', 'x..localhost'],
];
const BODIES = [
  '',
  'x',
  '<Delete>',
  '<Delete><Object><Key>a</Key></Object></Delete>',
  '<a>&b;</a>',
];
const KEYS = ['', '/', '/a', '/a%00', '/%2e%2e/%2e%2e', '/%FF', `/${'k'.repeat(1030)}`, '/a?b'];

describe('a mutated request', () => {
  it('is always answered, never with 500', async () => {
    const below = seededRandom(20_260_203);
    const pick = <T>(values: T[]): T => values[below(values.length)] as T;
    for (let round = 0; round < 1500; round += 1) {
      const query = Array.from({ length: below(4) }, () => pick(QUERIES)).join('&');
      const exchange = {
        method: pick(METHODS),
        path: `${pick(['', `/${BUCKET}`, '/none', '/A'])}${pick(KEYS)}?${query}` || '/',
        headers: Object.fromEntries(Array.from({ length: below(4) }, () => pick(HEADERS))),
        body: pick(BODIES),
      };
      if (!exchange.path.startsWith('/')) exchange.path = `/${exchange.path}`;
      const { status, headers } = await send(cloud, exchange);
      expect.soft(status, JSON.stringify(exchange)).not.toBe(500);
      expect(headers['x-oss-request-id'], JSON.stringify(exchange)).toMatch(/^[0-9A-F]{24}$/);
    }
  });

  it('in its raw bytes gets an answer or a closed connection', async () => {
    const below = seededRandom(7);
    const whole = Buffer.from(
      `PUT /${BUCKET}/raw?x=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nx-oss-meta-a: b\r\n\r\ntext`,
    );
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change <= below(3); change += 1) bytes[below(bytes.length)] = below(256);
      const reply = await sendRaw(bytes);
      expect(reply, bytes.toString('latin1')).not.toContain('HTTP/1.1 500');
    }
    expect((await sendSigned(cloud, { method: 'PUT', key: 'still', body: 'there' })).status).toBe(
      200,
    );
  });

  it('with control characters in metadata is refused, not stored', async () => {
    const reply = await sendRaw(
      Buffer.from(
        `PUT /${BUCKET}/control HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nx-oss-meta-a: b\x01\r\n\r\n`,
      ),
    );
    expect(reply).toMatch(/^HTTP\/1.1 400/);
    expect(cloud.oss.service.objects.find({ bucket: BUCKET, key: 'control' })).toBeUndefined();
  });
});

/** Sends bytes, then ends its side; resolves when the server has closed its own, or has answered. */
function sendRaw(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect(cloud.oss.port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1');
    });
    socket.on('error', () => {}); // a reset is a close too
    socket.on('close', () => resolve(reply));
  });
}
