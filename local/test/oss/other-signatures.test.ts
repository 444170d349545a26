import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, type Exchange, send, startTestCloud, type TestCloud } from './helpers.ts';
import { formsFor } from './operations/post-object/forms.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
});
afterAll(() => cloud.close());
const { post } = formsFor(() => cloud);

const signed = (authorization: string): Partial<Exchange> => ({ headers: { authorization } });
const path = (query: string): Partial<Exchange> => ({ path: `/${BUCKET}/a?${query}` });

describe('a signature that is not verified here', () => {
  it.each<[string, Partial<Exchange>, RegExp]>([
    ["OSS's version 2", signed('OSS2 AccessKeyId:LTAI,Signature:aaaa='), /version 2 \(OSS2\)/],
    [
      "OSS's version 2 with further headers",
      signed('OSS2 AccessKeyId:LTAI,AdditionalHeaders:host,Signature:aaaa='),
      /version 2 \(OSS2\)/,
    ],
    [
      "OSS's version 2 in an address",
      path('x-oss-signature-version=OSS2&x-oss-expires=1&x-oss-access-key-id=a&x-oss-signature=b'),
      /version 2 \(OSS2\)/,
    ],
    [
      "S3's version 4",
      signed(
        'AWS4-HMAC-SHA256 Credential=a/20260101/r/s3/aws4_request, SignedHeaders=host, Signature=0',
      ),
      /signatures of S3/,
    ],
    ["S3's version 2", signed('AWS LTAI:aaaa='), /signatures of S3/],
    [
      "S3's version 4 in an address",
      path('X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Signature=0'),
      /signatures of S3/,
    ],
    [
      "S3's version 2 in an address",
      path('AWSAccessKeyId=a&Expires=99999999999&Signature=b'),
      /signatures of S3/,
    ],
  ])('(%s) is 501 and named, for reads and for writes', async (_, exchange, message) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const reply = await send(cloud, {
        method,
        path: `/${BUCKET}/a`,
        ...(method === 'PUT' && { body: 'x' }),
        ...exchange,
      });
      expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
      expect(reply.element('Message')?.replaceAll('&apos;', "'")).toMatch(message);
    }
    expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);
  });

  it.each([
    [
      "OSS's version 2",
      { 'x-oss-signature-version': 'OSS2', 'x-oss-signature': 'a', policy: 'e30=' },
    ],
    ["S3's version 4", { 'x-amz-signature': '0', 'x-amz-algorithm': 'a', policy: 'e30=' }],
    ["S3's version 2", { AWSAccessKeyId: 'a', signature: 'b', policy: 'e30=' }],
  ])('(%s) of a form is 501', async (_, fields) => {
    const reply = await post({ key: 'a', ...fields });
    expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
    expect(cloud.oss.service.listObjects(BUCKET)).toEqual([]);
  });
});
