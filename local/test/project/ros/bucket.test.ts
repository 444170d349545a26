import { describe, expect, it } from 'vitest';
import { oneStack, readFiles, refusalOf } from '../project-folder.ts';

describe('a bucket', () => {
  const bucket = (properties: string) =>
    oneStack(`Bucket:\n  Type: ALIYUN::OSS::Bucket\n  Properties: { ${properties} }`);

  it('is private unless it says otherwise', async () => {
    expect((await readFiles(bucket('BucketName: abc'))).buckets).toEqual([
      { name: 'abc', acl: 'private' },
    ]);
    const open = await readFiles(bucket('BucketName: abc, AccessControl: public-read'));
    expect(open.buckets[0]?.acl).toBe('public-read');
  });

  it('warns of rules that do nothing here', async () => {
    const { warnings } = await readFiles(
      bucket('BucketName: abc, RefererConfiguration: {}, WebsiteConfigurationV2: {}'),
    );
    expect(warnings).toEqual([
      'infra/template.yaml:5: Resource "Bucket": RefererConfiguration has no effect here',
      'infra/template.yaml:5: Resource "Bucket": WebsiteConfigurationV2 has no effect here',
    ]);
  });

  it('has its rules for browsers and for what gets old', async () => {
    const cors =
      'CORSRule: [{ AllowedOrigin: ["*"], AllowedMethod: ["*"], AllowedHeader: [x-oss-*], MaxAgeSeconds: 5 }]';
    const rules = [
      "{ Prefix: '', AbortMultipartUpload: { Days: 2 } }",
      '{ ID: a, Prefix: a/, Status: Disabled, Expiration: { CreatedBeforeDate: "2030-01-01T00:00:00.000Z" } }',
    ];
    const { buckets } = await readFiles(
      bucket(
        `BucketName: abc, CORSConfiguration: { ${cors} }, LifecycleConfiguration: { Rule: [${rules}] }`,
      ),
    );
    expect(buckets[0]).toMatchObject({
      cors: {
        rules: [
          {
            allowedOrigins: ['*'],
            allowedMethods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
            allowedHeaders: ['x-oss-*'],
            exposeHeaders: [],
            maxAgeSeconds: 5,
          },
        ],
        responseVary: false,
      },
      lifecycle: [
        { id: 'rule-1', prefix: '', enabled: true, abortMultipartUpload: { days: 2 } },
        { id: 'a', prefix: 'a/', enabled: false, expiration: { createdBefore: Date.UTC(2030, 0) } },
      ],
    });
  });

  it('has its storage class and redundancy', async () => {
    const { buckets, warnings } = await readFiles(
      bucket('BucketName: abc, StorageClass: Archive, RedundancyType: ZRS'),
      { strict: true },
    );
    expect(buckets).toEqual([
      { name: 'abc', acl: 'private', storageClass: 'Archive', redundancy: 'ZRS' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('has its tags and encryption', async () => {
    const { buckets, warnings } = await readFiles(
      bucket(
        'BucketName: abc, Tags: { team: orders, cost: 42, 名: "" }, ServerSideEncryptionConfiguration: { SSEAlgorithm: AES256 }',
      ),
      { strict: true },
    );
    expect(buckets).toEqual([
      {
        name: 'abc',
        acl: 'private',
        tags: [
          ['team', 'orders'],
          ['cost', '42'],
          ['名', ''],
        ],
        encryption: 'AES256',
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['Tags: [a]', /Tags is a list/],
    ['Tags: { a: { b: c } }', /write a text/],
    [`Tags: { ${'k'.repeat(65)}: v }`, /is too long/],
    [
      `Tags: { ${Array.from({ length: 21 }, (_, at) => `k${at}: v`).join(', ')} }`,
      /give 20 at most/,
    ],
    ['ServerSideEncryptionConfiguration: {}', /has no SSEAlgorithm/],
    ['ServerSideEncryptionConfiguration: { SSEAlgorithm: ROT13 }', /use one of AES256, KMS/],
  ])('with %s is not made, and why is said', async (properties, message) => {
    const { buckets, warnings } = await readFiles(bucket(`BucketName: abc, ${properties}`));
    expect(buckets).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    [
      'BucketName: abc, ServerSideEncryptionConfiguration: { SSEAlgorithm: KMS, KMSMasterKeyID: k }',
      /ServerSideEncryptionConfiguration with KMS has no effect here/,
    ],
    [
      'BucketName: abc, LifecycleConfiguration: { Rule: [{ Prefix: a, Transition: [] }] }',
      /Transition is not done by the local cloud/,
    ],
    ['BucketName: abc, StorageClass: ColdArchive', /StorageClass ColdArchive is Standard here/],
    ['BucketName: abc, Policy: {}', /bucket policies are not evaluated by the local cloud/],
  ])('is made with %s, which is warned of', async (properties, message) => {
    const { buckets, warnings } = await readFiles(bucket(properties), { strict: true });
    expect(buckets).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    ['BucketName: Abc', /BucketName is "Abc"/],
    ['BucketName: ab', /BucketName is "ab"/],
    ['BucketName: abc-', /BucketName is "abc-"/],
    ['BucketName: abc, AccessControl: open', /AccessControl is "open"/],
    ['BucketName: abc, CORSConfiguration: { CORSRule: [] }', /CORSRule has 0 rules/],
    [
      'BucketName: abc, CORSConfiguration: { CORSRule: [{ AllowedOrigin: [a], AllowedMethod: [GETS] }] }',
      /AllowedMethod has "GETS"/,
    ],
    [
      'BucketName: abc, CORSConfiguration: { CORSRule: [{ AllowedOrigin: ["**"], AllowedMethod: [GET] }] }',
      /AllowedOrigin has "\*\*"/,
    ],
    ['BucketName: abc, LifecycleConfiguration: { Rule: [{ Prefix: a }] }', /says nothing to do/],
    [
      'BucketName: abc, LifecycleConfiguration: { Rule: [{ Prefix: a, Expiration: { Days: 0 } }] }',
      /Days is 0/,
    ],
  ])('is refused with %s', async (properties, message) => {
    expect(await refusalOf(bucket(properties))).toMatch(message);
  });
});
