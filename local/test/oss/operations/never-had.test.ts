import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

const query = (text: string) =>
  Object.fromEntries(
    text.split('&').map((pair): [string, string | undefined] => {
      const [name = '', value] = pair.split('=');
      return [name, value];
    }),
  );

describe('a read of what the bucket never had', () => {
  it.each([
    ['GetBucketWebsite', 'website', 'NoSuchWebsiteConfiguration'],
    ['GetBucketPolicy', 'policy', 'NoSuchBucketPolicy'],
    ['GetBucketEncryption', 'encryption', 'NoSuchServerSideEncryptionRule'],
    ['GetBucketInventory', 'inventory&inventoryId=a', 'NoSuchInventory'],
    ['ListBucketInventory', 'inventory', 'NoSuchInventory'],
    ['GetBucketWorm', 'worm', 'NoSuchWORMConfiguration'],
    ['GetBucketReplication', 'replication', 'NoSuchReplicationConfiguration'],
    [
      'GetBucketTransferAcceleration',
      'transferAcceleration',
      'NoSuchTransferAccelerationConfiguration',
    ],
    ['GetBucketCors', 'cors', 'NoSuchCORSConfiguration'],
    ['GetBucketLifecycle', 'lifecycle', 'NoSuchLifecycle'],
  ])('(%s) is 404 with its own code', async (_, text, code) => {
    const reply = await sendSigned(cloud, { query: query(text) });
    expect([reply.status, reply.element('Code')]).toEqual([404, code]);
    const none = await sendSigned(cloud, { bucket: 'none', query: query(text) });
    expect(none.element('Code')).toBe('NoSuchBucket');
  });

  it.each([
    ['GetBucketLogging', 'logging', '<BucketLoggingStatus></BucketLoggingStatus>'],
    [
      'GetBucketReferer',
      'referer',
      '<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><AllowTruncateQueryString>true</AllowTruncateQueryString><TruncatePath>false</TruncatePath><RefererList></RefererList></RefererConfiguration>',
    ],
    ['GetBucketTags', 'tagging', '<Tagging><TagSet></TagSet></Tagging>'],
    [
      'GetBucketRequestPayment',
      'requestPayment',
      '<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>',
    ],
    ['GetBucketVersioning', 'versioning', '<VersioningConfiguration></VersioningConfiguration>'],
    [
      'GetBucketAccessMonitor',
      'accessmonitor',
      '<AccessMonitorConfiguration><Status>Disabled</Status></AccessMonitorConfiguration>',
    ],
    [
      'ListLiveChannel',
      'live&prefix=a&max-keys=7',
      '<ListLiveChannelResult><Prefix>a</Prefix><Marker></Marker><MaxKeys>7</MaxKeys><IsTruncated>false</IsTruncated><NextMarker></NextMarker></ListLiveChannelResult>',
    ],
  ])('(%s) says what is so by default', async (_, text, xml) => {
    const reply = await sendSigned(cloud, { query: query(text) });
    expect([reply.status, reply.text.replace(/^.*\n/, '').trim()]).toEqual([200, xml]);
  });

  it('(GetLiveChannelInfo) is NoSuchLiveChannel', async () => {
    const reply = await sendSigned(cloud, { key: 'a', query: query('live') });
    expect([reply.status, reply.element('Code')]).toEqual([404, 'NoSuchLiveChannel']);
  });

  it('(GetBucketReferer, GetBucketLogging, GetBucketTags, ListLiveChannel) is what ali-oss reads', async () => {
    const client = cloud.client() as unknown as Record<
      string,
      (...parameters: unknown[]) => Promise<Record<string, unknown>>
    >;
    expect(await client.getBucketReferer?.(BUCKET)).toMatchObject({ allowEmpty: true });
    expect(await client.getBucketLogging?.(BUCKET)).toMatchObject({ enable: false });
    expect(await client.getBucketTags?.(BUCKET)).toMatchObject({ tag: {} });
    await expect(client.getBucketWorm?.(BUCKET)).rejects.toMatchObject({
      code: 'NoSuchWORMConfiguration',
    });
  });
});

describe('a removal of what the bucket never had', () => {
  it.each([
    'website',
    'policy',
    'logging',
    'inventory&inventoryId=a',
    'encryption',
    'tagging',
    'cors',
    'lifecycle',
  ])('(%s) is 204', async (text) => {
    const reply = await sendSigned(cloud, { method: 'DELETE', query: query(text) });
    expect(reply.status).toBe(204);
    expect(cloud.oss.service.buckets.find(BUCKET)).toBeDefined();
  });
});

describe('setting what is not implemented', () => {
  it.each([
    'website',
    'policy',
    'logging',
    'referer',
    'inventory&inventoryId=a',
    'worm',
    'replication',
    'requestPayment',
    'versioning',
  ])('(%s) is 501', async (text) => {
    const reply = await sendSigned(cloud, { method: 'PUT', query: query(text), body: '<x/>' });
    expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
  });
});
