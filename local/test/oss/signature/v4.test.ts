import { createHash, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { SignedRequest } from '#src/oss/signature/request';
import {
  canonicalRequestV4,
  parseAdditionalHeaders,
  parseAuthorizationV4,
  parseCredential,
  parseTimestamp,
  signingKeyV4,
  signV4,
  stringToSignV4,
} from '#src/oss/signature/v4';

interface SdkRequest {
  headers: Record<string, string>;
  queries?: Record<string, string | number | null>;
}
const sdk = createRequire(import.meta.url)('ali-oss/lib/common/signUtils.js') as {
  authorizationV4(
    id: string,
    secret: string,
    region: string,
    method: string,
    request: SdkRequest,
    bucket?: string,
    key?: string,
    additionalHeaders?: string[],
  ): string;
};

const id = 'LTAIexample';
const secret = 'a-secret-of-the-test';
const timestamp = '20260203T040506Z';
const scope = { accessKeyId: id, date: '20260203', region: 'cn-shanghai', product: 'oss' };
const bytes = (text: string) => Buffer.from(text).toString('latin1');

function signature(request: SignedRequest, additionalHeaders: string[] = []): string {
  const canonical = canonicalRequestV4(request, { additionalHeaders });
  return signV4(signingKeyV4(secret, scope), stringToSignV4(canonical, timestamp, scope));
}

describe('the canonical request of version 4', () => {
  it('lists method, path, sorted query, headers, additional names and payload hash', () => {
    const canonical = canonicalRequestV4(
      {
        method: 'PUT',
        bucket: 'box',
        key: bytes("a b/ü!'()*~.txt"),
        query: [
          { name: 'uploadId', value: 'A/B' },
          { name: 'partNumber', value: '2' },
          { name: 'acl', value: undefined },
          { name: 'x-oss-signature', value: 'left-out' },
        ],
        headers: {
          host: 'box.localhost',
          'x-oss-date': timestamp,
          'content-type': ' text/plain ',
          'user-agent': 'unsigned',
          'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
        },
      },
      { additionalHeaders: ['host'] },
    );
    expect(canonical).toBe(
      [
        'PUT',
        '/box/a%20b/%C3%BC%21%27%28%29%2A~.txt',
        'acl&partNumber=2&uploadId=A%2FB',
        'content-type:text/plain',
        'host:box.localhost',
        'x-oss-content-sha256:UNSIGNED-PAYLOAD',
        `x-oss-date:${timestamp}`,
        '',
        'host',
        'UNSIGNED-PAYLOAD',
      ].join('\n'),
    );
  });

  it('writes an empty value bare, or with its equals sign when asked', () => {
    const request = { method: 'GET', query: [{ name: 'prefix', value: '' }], headers: {} };
    expect(canonicalRequestV4(request).split('\n')[2]).toBe('prefix');
    const withSign = canonicalRequestV4(request, { emptyValues: 'with-equals-sign' });
    expect(withSign.split('\n')[2]).toBe('prefix=');
  });
});

describe('a signature of version 4', () => {
  it('is the one computed step by step from the documented terms', () => {
    const canonical = `GET\n/\n\nx-oss-date:${timestamp}\n\n\nUNSIGNED-PAYLOAD`;
    const hash = createHash('sha256').update(canonical).digest('hex');
    const toSign = `OSS4-HMAC-SHA256\n${timestamp}\n20260203/cn-shanghai/oss/aliyun_v4_request\n${hash}`;
    const hmac = (key: string | Buffer, text: string) =>
      createHmac('sha256', key).update(text).digest();
    const day = hmac(`aliyun_v4${secret}`, '20260203');
    const key = hmac(hmac(hmac(day, 'cn-shanghai'), 'oss'), 'aliyun_v4_request');
    const wanted = hmac(key, toSign).toString('hex');
    expect(signature({ method: 'GET', query: [], headers: { 'x-oss-date': timestamp } })).toBe(
      wanted,
    );
  });

  it.each([
    ['a plain key', 'a/b.txt', {}, {}],
    ['a UTF-8 key and sub-resources', 'Ä/日本 +%&=?.txt', { partNumber: 3, uploadId: 'X' }, {}],
    ['a bare sub-resource', 'k', { acl: null }, { 'x-oss-object-acl': 'private' }],
    ['typed content', 'k', {}, { 'Content-Type': 'text/html', 'Content-MD5': 'AAAA' }],
  ])('agrees with ali-oss for %s', (_, key, queries, extra) => {
    const headers = { 'x-oss-date': timestamp, ...extra };
    const request = { headers, queries };
    const header = sdk.authorizationV4(id, secret, scope.region, 'PUT', request, 'box', key);
    expect(header).toContain(
      signature({
        method: 'PUT',
        bucket: 'box',
        key: bytes(key),
        query: Object.entries(queries).map(([name, value]) => ({
          name,
          value: value === null ? undefined : String(value),
        })),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), bytes(value)]),
        ),
      }),
    );
  });

  it('covers the additional headers that ali-oss signs', () => {
    const headers = { 'x-oss-date': timestamp, host: 'h', range: 'bytes=0-1' };
    const header = sdk.authorizationV4(id, secret, scope.region, 'GET', { headers }, 'b', 'k', [
      'Range',
      'HOST',
    ]);
    const parsed = parseAuthorizationV4(header);
    expect(parsed?.credential).toEqual(scope);
    expect(parsed?.additionalHeaders).toEqual(['host', 'range']);
    expect(parsed?.signature).toBe(
      signature({ method: 'GET', bucket: 'b', key: 'k', query: [], headers }, ['host', 'range']),
    );
  });
});

describe('what a request says of its signature', () => {
  it.each([
    'OSS4-HMAC-SHA256',
    'OSS4-HMAC-SHA256 Signature=00',
    'OSS4-HMAC-SHA256 Credential=a/b/c/d/e,Signature=00',
    'OSS4-HMAC-SHA256 Credential=a/20260101/r/oss/aliyun_v4_request',
  ])('is refused as %j', (header) => {
    expect(parseAuthorizationV4(header)).toBeUndefined();
  });

  it('holds a credential of exactly five parts', () => {
    expect(parseCredential('a/20260203/cn-x/oss/aliyun_v4_request')).toEqual({
      accessKeyId: 'a',
      date: '20260203',
      region: 'cn-x',
      product: 'oss',
    });
    expect(parseCredential('a/20260203/cn-x/oss/aliyun_v4_request/more')).toBeUndefined();
    expect(parseCredential('/20260203/cn-x/oss/aliyun_v4_request')).toBeUndefined();
  });

  it('names additional headers in any order and case', () => {
    expect(parseAdditionalHeaders('Range; host;;host')).toEqual(['host', 'range']);
  });

  it('is dated to the second, by a real date', () => {
    expect(parseTimestamp(timestamp)).toBe(Date.UTC(2026, 1, 3, 4, 5, 6));
    expect(parseTimestamp('20261303T040506Z')).toBeUndefined();
    expect(parseTimestamp('2026-02-03T04:05:06Z')).toBeUndefined();
  });
});
