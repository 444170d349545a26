import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parseAuthorizationV1, signV1, stringToSignV1 } from '#src/oss/signature/v1';

const sdk = createRequire(import.meta.url)('ali-oss/lib/common/signUtils.js') as {
  buildCanonicalString(
    method: string,
    resource: string,
    request: { headers: Record<string, string>; parameters?: Record<string, string> },
    expires?: string,
  ): string;
  authorization(id: string, secret: string, canonical: string): string;
};

const secret = 'a-secret-of-the-test';
const date = 'Tue, 03 Feb 2026 04:05:06 GMT';
const bytes = (text: string) => Buffer.from(text).toString('latin1');

describe('the string to sign of version 1', () => {
  it('lists method, digest, type, date, x-oss headers and resource', () => {
    const text = stringToSignV1(
      {
        method: 'POST',
        bucket: 'box',
        key: bytes('Ä b/c'),
        query: [
          { name: 'uploadId', value: 'u 1' },
          { name: 'prefix', value: 'not signed' },
          { name: 'acl', value: '' },
          { name: 'x-oss-process', value: 'p' },
        ],
        headers: {
          'content-type': 'text/plain',
          'x-oss-meta-b': ' 2 ',
          'x-oss-meta-a': '1',
          'x-other': 'not signed',
        },
      },
      date,
    );
    expect(text).toBe(
      [
        'POST',
        '',
        'text/plain',
        date,
        'x-oss-meta-a:1',
        'x-oss-meta-b:2',
        `/box/${bytes('Ä b/c')}?acl&uploadId=u 1&x-oss-process=p`,
      ].join('\n'),
    );
  });

  it('names the bucket with a slash after it, and the service with a slash alone', () => {
    const resource = (bucket?: string) =>
      stringToSignV1({ method: 'GET', bucket, query: [], headers: {} }, date).split('\n').at(-1);
    expect(resource('box')).toBe('/box/');
    expect(resource()).toBe('/');
  });
});

describe('a signature of version 1', () => {
  it('is the base64 HMAC-SHA1 of the bytes sent', () => {
    const wanted = createHmac('sha1', secret).update('GET\n/bücket', 'utf8').digest('base64');
    expect(signV1(secret, bytes('GET\n/bücket'))).toBe(wanted);
  });

  it.each([
    ['a UTF-8 key', '日本/ü.txt', undefined],
    ['sub-resources', 'k', { partNumber: '3', uploadId: 'X' }],
    ['an override', 'k', { 'response-content-type': 'text/ä' }],
  ])('agrees with ali-oss for %s', (_, key, parameters) => {
    const headers = { 'Content-Type': 'a/b', 'x-oss-date': date, 'x-oss-meta-x': 'ü' };
    const canonical = sdk.buildCanonicalString('put', `/box/${key}`, {
      headers,
      ...(parameters ? { parameters } : {}),
    });
    const header = sdk.authorization('LTAIexample', secret, canonical);
    const request = {
      method: 'PUT',
      bucket: 'box',
      key: bytes(key),
      query: Object.entries(parameters ?? {}).map(([name, value]) => ({
        name,
        value: bytes(value),
      })),
      headers: { 'content-type': 'a/b', 'x-oss-date': date, 'x-oss-meta-x': bytes('ü') },
    };
    expect(parseAuthorizationV1(header)).toEqual({
      accessKeyId: 'LTAIexample',
      signature: signV1(secret, stringToSignV1(request, date)),
    });
  });

  it.each(['OSS', 'OSS id', 'OSS :sig', 'Bearer a:b', 'OSS a b:c'])(
    'cannot be read from %j',
    (header) => {
      expect(parseAuthorizationV1(header)).toBeUndefined();
    },
  );
});
