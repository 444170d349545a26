import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, type Signed, sendSigned, startTestCloud, type TestCloud } from './helpers.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  await sendSigned(cloud, { method: 'PUT', key: 'there', body: 'x' });
});
afterAll(() => cloud.close());

const bucket: Signed = { method: 'PUT', bucket: 'new' };
const lifecycle: Signed = { method: 'PUT', query: { lifecycle: undefined } };
const remove: Signed = { method: 'POST', query: { delete: undefined } };
const cors: Signed = { method: 'PUT', query: { cors: undefined } };
const rule = (more: string) =>
  `<LifecycleConfiguration><Rule><ID>a</ID><Prefix>a</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>${more}</Rule></LifecycleConfiguration>`;

async function outcome(signed: Signed, body: string) {
  const reply = await sendSigned(cloud, { ...signed, body });
  return [reply.status, reply.element('Code')];
}

describe('an element of a body', () => {
  it.each<[string, Signed, string]>([
    [
      'PutBucket',
      bucket,
      '<CreateBucketConfiguration><ServerSideEncryptionRule/></CreateBucketConfiguration>',
    ],
    ['PutBucketLifecycle', lifecycle, rule('<Transition><Days>1</Days></Transition>')],
    ['PutBucketLifecycle', lifecycle, rule('<NoncurrentVersionExpiration/>')],
    ['PutBucketLifecycle', lifecycle, rule('<Filter><Not><Prefix>a</Prefix></Not></Filter>')],
    [
      'DeleteMultipleObjects',
      remove,
      '<Delete><Object><Key>there</Key><VersionId>7</VersionId></Object></Delete>',
    ],
  ])('of %s that is not done is 501, and nothing is done', async (_, signed, body) => {
    expect(await outcome(signed, body)).toEqual([501, 'NotImplemented']);
    expect(cloud.oss.service.buckets.find('new')).toBeUndefined();
    expect(cloud.oss.service.buckets.require(BUCKET).lifecycle).toBeUndefined();
    expect(cloud.oss.service.listObjects(BUCKET)).toHaveLength(1);
  });

  it.each<[string, Signed, string]>([
    [
      'PutBucket',
      bucket,
      '<CreateBucketConfiguration><Encrypted>true</Encrypted></CreateBucketConfiguration>',
    ],
    ['PutBucketLifecycle', lifecycle, rule('<Size>9</Size>')],
    [
      'PutBucketCors',
      cors,
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHost>a</AllowedHost></CORSRule></CORSConfiguration>',
    ],
    [
      'DeleteMultipleObjects',
      remove,
      '<Delete><Silent>true</Silent><Object><Key>there</Key></Object></Delete>',
    ],
    ['DeleteMultipleObjects', remove, '<Delete><Object><Key>there<b/></Key></Object></Delete>'],
  ])(
    'of %s that OSS does not know is MalformedXML, and nothing is done',
    async (_, signed, body) => {
      expect(await outcome(signed, body)).toEqual([400, 'MalformedXML']);
      expect(cloud.oss.service.buckets.find('new')).toBeUndefined();
      expect(cloud.oss.service.buckets.require(BUCKET)).not.toHaveProperty('cors');
      expect(cloud.oss.service.listObjects(BUCKET)).toHaveLength(1);
    },
  );
});
