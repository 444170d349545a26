import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, type Signed, sendSigned, startTestCloud, type TestCloud } from './helpers.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  await sendSigned(cloud, { method: 'PUT', key: 'there', body: 'x' });
});
afterAll(() => cloud.close());

const put = { method: 'PUT', key: 'new', body: 'x' };
const copy: Signed = {
  method: 'PUT',
  key: 'new',
  headers: { 'x-oss-copy-source': `/${BUCKET}/there` },
  body: '',
};

async function outcome(signed: Signed, headers: Record<string, string>) {
  const reply = await sendSigned(cloud, { ...signed, headers: { ...signed.headers, ...headers } });
  return [reply.status, reply.element('Code')];
}

describe('a header that an operation does not do', () => {
  it.each<[string, Signed, Record<string, string>]>([
    ['PutObject: a retention mode', put, { 'x-oss-object-worm-mode': 'COMPLIANCE' }],
    ['PutObject: a retention date', put, { 'x-oss-object-worm-retain-until-date': '2040-01-01' }],
    ['PutObject: a legal hold', put, { 'x-oss-object-legal-hold-status': 'ON' }],
    ['PutObject: a key of KMS', put, { 'x-oss-server-side-encryption-key-id': 'a-key' }],
    ['PutObject: SM4', put, { 'x-oss-server-side-data-encryption': 'SM4' }],
    ['PutObject: the ACL of a bucket', put, { 'x-oss-acl': 'public-read' }],
    ['PutObject: a copy range without a source', put, { 'x-oss-copy-source-range': 'bytes=0-1' }],
    ['PutObject: one that no one knows', put, { 'x-oss-never-heard-of': '1' }],
    ["PutObject: S3's", put, { 'x-amz-acl': 'public-read' }],
    ['PutObject: a condition', put, { 'if-none-match': '*' }],
    ['PutObject: another condition', put, { 'if-match': '"0"' }],
    ['DeleteObject: a condition', { method: 'DELETE', key: 'there' }, { 'if-match': '"0"' }],
    [
      'AppendObject: not to overwrite',
      { method: 'POST', key: 'new', query: { append: undefined, position: '0' }, body: 'x' },
      { 'x-oss-forbid-overwrite': 'true' },
    ],
    ['CopyObject: a retention mode', copy, { 'x-oss-object-worm-mode': 'COMPLIANCE' }],
    [
      'PutBucket: a resource group',
      { method: 'PUT', bucket: 'new', body: '' },
      { 'x-oss-resource-group-id': 'rg-1' },
    ],
    [
      'PutBucket: a hierarchical namespace',
      { method: 'PUT', bucket: 'new', body: '' },
      { 'x-oss-hns-status': 'enabled' },
    ],
    ['ListBuckets: a resource group', { bucket: '' }, { 'x-oss-resource-group-id': 'rg-1' }],
  ])('(%s) is 501, and nothing is done', async (_, signed, headers) => {
    expect(await outcome(signed, headers)).toEqual([501, 'NotImplemented']);
    expect(cloud.oss.service.buckets.find('new')).toBeUndefined();
    expect(cloud.oss.service.listObjects(BUCKET).map(({ key }) => key)).toEqual(['there']);
  });
});

it('x-oss-request-payer of another value is refused', async () => {
  const headers = { 'x-oss-request-payer': 'someone' };
  expect(await outcome({ key: 'there' }, headers)).toEqual([400, 'InvalidArgument']);
});

describe('a header of every request', () => {
  it.each([
    { 'x-oss-request-payer': 'requester' },
    { 'x-oss-user-agent': 'aliyun-sdk-js/6' },
    { 'user-agent': 'a', accept: '*/*', 'accept-language': 'de', referer: 'http://a', dnt: '1' },
  ])('(%j) is taken', async (headers) => {
    expect(await outcome({ key: 'there' }, headers)).toEqual([200, undefined]);
  });
});
