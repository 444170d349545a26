import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const class_ = { 'x-oss-storage-class': 'Archive' };
let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
  await sendSigned(cloud, { method: 'PUT', key: 'cold', headers: class_, body: 'content' });
});
afterEach(() => cloud.close());

const get = async (key = 'cold') => {
  const reply = await sendSigned(cloud, { key });
  return reply.element('Code') ?? reply.text;
};
const restoring = async (key = 'cold') => {
  const { headers } = await sendSigned(cloud, { method: 'HEAD', key });
  return headers['x-oss-restore'];
};
const restore = async (days?: number, key = 'cold') => {
  const body = days === undefined ? '' : `<RestoreRequest><Days>${days}</Days></RestoreRequest>`;
  const reply = await sendSigned(cloud, {
    method: 'POST',
    key,
    query: { restore: undefined },
    body,
  });
  return reply.element('Code') ?? reply.status;
};

describe('an object of the class Archive', () => {
  it('is looked at, not read', async () => {
    const reply = await sendSigned(cloud, { key: 'cold' });
    expect([reply.status, reply.element('Code'), reply.element('ObjectName')]).toEqual([
      403,
      'InvalidObjectState',
      'cold',
    ]);
    const head = await sendSigned(cloud, { method: 'HEAD', key: 'cold' });
    expect([
      head.status,
      head.headers['x-oss-storage-class'],
      head.headers['content-length'],
    ]).toEqual([200, 'Archive', '7']);
    expect(head.headers['x-oss-restore']).toBeUndefined();
  });

  it('is no source of a copy, whole or as a part', async () => {
    const headers = { 'x-oss-copy-source': `/${BUCKET}/cold` };
    const copy = await sendSigned(cloud, { method: 'PUT', key: 'b', headers, body: '' });
    expect([copy.status, copy.element('Code')]).toEqual([403, 'InvalidObjectState']);
    const begun = await sendSigned(cloud, {
      method: 'POST',
      key: 'b',
      query: { uploads: undefined },
    });
    const query = { uploadId: begun.element('UploadId'), partNumber: '1' };
    const part = await sendSigned(cloud, { method: 'PUT', key: 'b', query, headers, body: '' });
    expect([part.status, part.element('Code')]).toEqual([403, 'InvalidObjectState']);
  });

  it('is not read through a symlink', async () => {
    const headers = { 'x-oss-symlink-target': 'cold', 'x-oss-storage-class': 'Standard' };
    await sendSigned(cloud, {
      method: 'PUT',
      key: 'link',
      query: { symlink: undefined },
      headers,
      body: '',
    });
    expect(await get('link')).toBe('InvalidObjectState');
    expect(await restore(1, 'link')).toBe(202);
    await cloud.clock.advance(MINUTE);
    expect([await get('link'), await get('cold')]).toEqual(['content', 'content']);
  });

  it('is restored a minute after it was asked for, for a day', async () => {
    expect(await restore()).toBe(202);
    expect([await get(), await restoring()]).toEqual([
      'InvalidObjectState',
      'ongoing-request="true"',
    ]);
    expect(await restore()).toBe('RestoreAlreadyInProgress');
    await cloud.clock.advance(MINUTE);
    const expires = new Date(cloud.clock.now() + DAY).toUTCString();
    expect([await get(), await restoring()]).toEqual([
      'content',
      `ongoing-request="false", expiry-date="${expires}"`,
    ]);
    await cloud.clock.advance(DAY);
    expect([await get(), await restoring()]).toEqual(['InvalidObjectState', undefined]);
    expect(await restore()).toBe(202);
  });

  it('stays restored for longer when that is asked for again, a week in all', async () => {
    expect(await restore(2)).toBe(202);
    await cloud.clock.advance(MINUTE + DAY);
    expect(await restore(3)).toBe(200);
    await cloud.clock.advance(3 * DAY - 1);
    expect(await get()).toBe('content');
    expect(await restore(7)).toBe(200);
    await cloud.clock.advance(3 * DAY);
    expect(await get()).toBe('content');
    await cloud.clock.advance(1);
    expect(await get()).toBe('InvalidObjectState');
  });

  it('comes of the class of its bucket, and counts there', async () => {
    const body =
      '<CreateBucketConfiguration><StorageClass>Archive</StorageClass></CreateBucketConfiguration>';
    await sendSigned(cloud, { method: 'PUT', bucket: 'ice', body });
    await sendSigned(cloud, { method: 'PUT', bucket: 'ice', key: 'a', body: 'four' });
    const info = await sendSigned(cloud, { bucket: 'ice', query: { bucketInfo: undefined } });
    expect(info.element('StorageClass')).toBe('Archive');
    const stat = await sendSigned(cloud, { bucket: 'ice', query: { stat: undefined } });
    const numbers = ['ArchiveStorage', 'ArchiveRealStorage', 'ArchiveObjectCount'];
    expect(numbers.map((name) => stat.element(name))).toEqual(['65536', '4', '1']);
    expect((await sendSigned(cloud, { bucket: 'ice', key: 'a' })).status).toBe(403);
  });

  it('can be overwritten and deleted without being restored', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'cold', body: 'warm' });
    expect(await get()).toBe('warm');
    await sendSigned(cloud, { method: 'PUT', key: 'cold', headers: class_, body: 'x' });
    expect((await sendSigned(cloud, { method: 'DELETE', key: 'cold' })).status).toBe(204);
  });
});

describe('RestoreObject', () => {
  it('is for the class Archive only', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'warm', body: 'x' });
    expect(await restore(1, 'warm')).toBe('OperationNotSupported');
    expect(await restore(1, 'none')).toBe('NoSuchKey');
  });

  it.each([0, 8, -1])('for %d days is refused', async (days) => {
    expect(await restore(days)).toBe('InvalidArgument');
    expect(await restoring()).toBeUndefined();
  });

  it('with a priority is 501', async () => {
    const body =
      '<RestoreRequest><Days>1</Days><JobParameters><Tier>Bulk</Tier></JobParameters></RestoreRequest>';
    const reply = await sendSigned(cloud, {
      method: 'POST',
      key: 'cold',
      query: { restore: undefined },
      body,
    });
    expect(reply.element('Code')).toBe('NotImplemented');
  });
});
