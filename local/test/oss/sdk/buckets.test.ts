import { Agent } from 'node:http';
import type { LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, type Client, startTestCloud, type TestCloud } from '../helpers.ts';
import { KEY, SIGNATURES } from './signatures.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

describe.each(SIGNATURES)('ali-oss with signatures %s', (_, options) => {
  let client: Client;
  beforeEach(() => {
    client = cloud.client(options);
  });

  it('makes, describes and removes buckets', async () => {
    const { bucket } = (await client.putBucket('second-box', { acl: 'private' } as never)) as {
      bucket: string;
    };
    expect(bucket).toBe('second-box');
    const { buckets } = (await client.listBuckets({ 'max-keys': 10 })) as unknown as {
      buckets: { name: string; region: string }[];
    };
    expect(buckets).toMatchObject([
      { name: BUCKET, region: 'oss-cn-hangzhou' },
      { name: 'second-box' },
    ]);
    expect(await client.getBucketInfo('second-box')).toMatchObject({
      bucket: { Name: 'second-box', AccessControlList: { Grant: 'private' } },
    });
    expect(await client.getBucketLocation('second-box')).toMatchObject({
      location: 'oss-cn-hangzhou',
    });
    await client.putBucketACL('second-box', 'private');
    expect(await client.getBucketACL('second-box')).toMatchObject({ acl: 'private' });
    client.useBucket('second-box');
    await client.put('a', Buffer.from('12345'));
    expect(await client.getBucketStat('second-box')).toMatchObject({
      stat: { Storage: '5', ObjectCount: '1' },
    });
    await expect(client.deleteBucket('second-box')).rejects.toMatchObject({
      code: 'BucketNotEmpty',
    });
    await client.delete('a');
    await client.deleteBucket('second-box');
    await expect(client.getBucketInfo('second-box')).rejects.toMatchObject({
      code: 'NoSuchBucket',
    });
  });
});

describe('ali-oss', () => {
  it('reaches 127.0.0.1 by the name localhost, also where that is ::1 first', async () => {
    const lookup: LookupFunction = (_name, { all }, callback) => {
      if (all)
        callback(null, [
          { address: '::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ]);
      else callback(null, '::1', 6);
    };
    const agent = new Agent({ lookup } as never);
    const client = cloud.client({ agent });
    await client.put('a', Buffer.from('x'));
    expect((await client.get('a')).content).toEqual(Buffer.from('x'));
    agent.destroy();
  });

  it('may address the bucket in the host', async () => {
    const client = cloud.client({
      endpoint: `http://127.0.0.1:${cloud.oss.port}`,
      sldEnable: false,
    });
    await client.put(KEY, Buffer.from('host style'));
    expect(await cloud.oss.service.readObject(BUCKET, KEY)).toEqual(Buffer.from('host style'));
  });
});
