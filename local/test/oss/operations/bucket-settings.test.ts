import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const ask = (method: string, name: string, body?: string, value?: string) =>
  sendSigned(cloud, { method, query: { [name]: value }, ...(body !== undefined && { body }) });
const tagging = (...pairs: string[]) =>
  `<Tagging><TagSet>${pairs
    .map((pair) => pair.split('='))
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join('')}</TagSet></Tagging>`;
const rule = (algorithm: string, more = '') =>
  `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm>${more}</ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;

describe('PutBucketTags, GetBucketTags and DeleteBucketTags', () => {
  it('set, give and take away the tags of a bucket', async () => {
    expect((await ask('PUT', 'tagging', tagging('a=1', 'b=2', 'c=3'))).status).toBe(200);
    expect((await ask('GET', 'tagging')).text).toContain(tagging('a=1', 'b=2', 'c=3'));
    expect((await ask('DELETE', 'tagging', undefined, 'a,c')).status).toBe(204);
    expect((await ask('GET', 'tagging')).text).toContain(tagging('b=2'));
    expect((await ask('DELETE', 'tagging')).status).toBe(204);
    expect((await ask('GET', 'tagging')).text).toContain('<Tagging><TagSet></TagSet></Tagging>');
  });

  it('take twenty tags, not more', async () => {
    const tags = Array.from({ length: 21 }, (_, index) => `k${index}=v`);
    expect((await ask('PUT', 'tagging', tagging(...tags.slice(1)))).status).toBe(200);
    expect((await ask('PUT', 'tagging', tagging(...tags))).element('Code')).toBe('TooManyTags');
    expect((await ask('PUT', 'tagging', '')).element('Code')).toBe('MalformedXML');
  });

  it.each([
    ['a key twice', ['a=1', 'a=2'], 'RepeatedTags'],
    ['an empty key', ['=1'], 'InvalidTag'],
    ['a key of 65 characters', [`${'k'.repeat(65)}=1`], 'InvalidTag'],
    ['a value of 129 characters', [`a=${'v'.repeat(129)}`], 'InvalidTag'],
    ['a key that begins with https://', ['https://a=1'], 'InvalidTag'],
    ['a key that begins with Aliyun', ['Aliyun-a=1'], 'InvalidTag'],
  ])('refuse %s', async (_, tags, code) => {
    const reply = await ask('PUT', 'tagging', tagging(...tags));
    expect([reply.status, reply.element('Code')]).toEqual([400, code]);
    expect((await ask('GET', 'tagging')).text).not.toContain('<Tag>');
  });

  it('take keys of 64 characters and values of 128', async () => {
    const tags = tagging(`${'名'.repeat(64)}=${'值'.repeat(128)}`, 'k=');
    expect((await ask('PUT', 'tagging', tags)).status).toBe(200);
    expect((await ask('GET', 'tagging')).text).toContain(tags);
  });
});

describe('PutBucketEncryption, GetBucketEncryption and DeleteBucketEncryption', () => {
  const encryptionOf = async (key: string) => {
    const { headers } = await sendSigned(cloud, { method: 'HEAD', key });
    return headers['x-oss-server-side-encryption'];
  };

  it('set what objects say that say nothing themselves', async () => {
    expect((await ask('PUT', 'encryption', rule('AES256'))).status).toBe(200);
    const got = await ask('GET', 'encryption');
    expect([got.status, got.element('SSEAlgorithm')]).toEqual([200, 'AES256']);
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
    expect(await encryptionOf('a')).toBe('AES256');
    expect((await ask('GET', 'bucketInfo')).text).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
    expect((await ask('DELETE', 'encryption')).status).toBe(204);
    expect((await ask('GET', 'encryption')).element('Code')).toBe('NoSuchServerSideEncryptionRule');
    await sendSigned(cloud, { method: 'PUT', key: 'b', body: 'x' });
    expect(await encryptionOf('b')).toBeUndefined();
  });

  it.each([
    ['KMS', rule('KMS'), 501, 'NotImplemented'],
    ['KMS with a key', rule('KMS', '<KMSMasterKeyID>k</KMSMasterKeyID>'), 501, 'NotImplemented'],
    ['a key of KMS', rule('AES256', '<KMSMasterKeyID>k</KMSMasterKeyID>'), 400, 'InvalidArgument'],
    ['another algorithm', rule('ROT13'), 400, 'InvalidEncryptionAlgorithmError'],
    ['no algorithm', '<ServerSideEncryptionRule/>', 400, 'MalformedXML'],
  ])('refuse %s', async (_, body, status, code) => {
    const reply = await ask('PUT', 'encryption', body);
    expect([reply.status, reply.element('Code')]).toEqual([status, code]);
    expect((await ask('GET', 'encryption')).status).toBe(404);
  });
});

describe('PutBucket', () => {
  const make = (body: string, headers: Record<string, string> = {}) =>
    sendSigned(cloud, { method: 'PUT', bucket: 'new', body, headers });
  const configuration = (inner: string) =>
    `<CreateBucketConfiguration>${inner}</CreateBucketConfiguration>`;
  const info = () => sendSigned(cloud, { bucket: 'new', query: { bucketInfo: undefined } });

  it.each([
    ['StorageClass', 'IA', "Cannot modify existing bucket's storage class."],
    ['DataRedundancyType', 'ZRS', "Bucket already exists can't modify data redundancy type."],
  ])('does not change the %s of a bucket that is there', async (element, value, message) => {
    const body = configuration(`<${element}>${value}</${element}>`);
    await make('');
    const reply = await make(body, { 'x-oss-server-side-encryption': 'AES256' });
    expect([reply.status, reply.element('Code')]).toEqual([409, 'BucketAlreadyExists']);
    expect(reply.element('Message')).toBe(message.replace("'", '&apos;'));
    expect((await info()).element(element)).not.toBe(value);
    expect((await info()).element('SSEAlgorithm')).toBe('None');
    await sendSigned(cloud, { method: 'DELETE', bucket: 'new' });
    expect([(await make(body)).status, (await make(body)).status]).toEqual([200, 200]);
    expect((await make('')).status).toBe(200);
  });

  it('encrypts a bucket that is there', async () => {
    await make('');
    await make('', { 'x-oss-server-side-encryption': 'AES256' });
    expect((await info()).element('SSEAlgorithm')).toBe('AES256');
    await make('');
    expect((await info()).element('SSEAlgorithm')).toBe('AES256');
  });

  it('of a class that is none is refused in the words of OSS', async () => {
    const reply = await make(configuration('<StorageClass>Cheap</StorageClass>'));
    expect([reply.status, reply.element('Message')]).toEqual([
      400,
      'No such bucket storage class exists.',
    ]);
  });

  it.each(['LRS', 'ZRS'])('keeps the redundancy %s', async (type) => {
    await make(configuration(`<DataRedundancyType>${type}</DataRedundancyType>`));
    expect((await info()).element('DataRedundancyType')).toBe(type);
  });

  it('keeps the encryption that a header asks for', async () => {
    await make('', { 'x-oss-server-side-encryption': 'AES256' });
    expect((await info()).text).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
    const kms = await make('', { 'x-oss-server-side-encryption': 'KMS' });
    expect([kms.status, kms.element('Code')]).toEqual([501, 'NotImplemented']);
  });

  it.each([
    ['another redundancy', '<DataRedundancyType>RAID</DataRedundancyType>', 'MalformedXML'],
    ['another class', '<StorageClass>Warm</StorageClass>', 'InvalidArgument'],
    [
      'another region',
      '<LocationConstraint>oss-cn-beijing</LocationConstraint>',
      'InvalidLocationConstraint',
    ],
  ])('refuses %s', async (_, inner, code) => {
    expect((await make(configuration(inner))).element('Code')).toBe(code);
    expect(cloud.oss.service.buckets.find('new')).toBeUndefined();
  });

  it('takes its own region', async () => {
    const reply = await make(
      configuration('<LocationConstraint>oss-cn-hangzhou</LocationConstraint>'),
    );
    expect(reply.status).toBe(200);
  });
});
