import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { OssService } from '#src/oss/service';
import type { LifecycleRule } from '#src/project/types';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

const DAY = 24 * 60 * 60_000;

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const configuration = (...rules: string[]) =>
  `<LifecycleConfiguration>${rules.map((rule) => `<Rule>${rule}</Rule>`).join('')}</LifecycleConfiguration>`;
const rule = (prefix: string, what: string, status = 'Enabled') =>
  `<Prefix>${prefix}</Prefix><Status>${status}</Status>${what}`;
const EXPIRE = '<Expiration><Days>2</Days></Expiration>';
const put = (body: string, headers = {}) =>
  sendSigned(cloud, { method: 'PUT', query: { lifecycle: undefined }, body, headers });
const store = (key: string, headers = {}) =>
  sendSigned(cloud, { method: 'PUT', key, body: 'x', headers });
const keys = () => cloud.oss.service.listObjects(BUCKET).map(({ key }) => key);

describe('lifecycle rules', () => {
  it('are put, got and deleted by ali-oss', async () => {
    const client = cloud.client();
    const rules = [
      { id: 'one', prefix: 'logs/', status: 'Enabled' as const, expiration: { days: '3' } },
      {
        id: 'two',
        prefix: 'parts/',
        status: 'Disabled' as const,
        abortMultipartUpload: { createdBeforeDate: '2030-01-01T00:00:00.000Z' },
      },
    ];
    await client.putBucketLifecycle(BUCKET, structuredClone(rules) as never);
    expect((await client.getBucketLifecycle(BUCKET)).rules).toMatchObject(rules);
    await client.deleteBucketLifecycle(BUCKET);
    await expect(client.getBucketLifecycle(BUCKET)).rejects.toMatchObject({
      code: 'NoSuchLifecycle',
      status: 404,
    });
  });

  it.each([
    ['MalformedXML', ''],
    ['MalformedXML', '<LifecycleConfiguration/>'],
    ['MalformedXML', configuration(rule('a', ''))],
    ['MalformedXML', configuration(rule('a', EXPIRE, 'On'))],
    ['MalformedXML', configuration(rule('a', '<Expiration/>'))],
    ['InvalidArgument', configuration(rule('a', '<Expiration><Days>0</Days></Expiration>'))],
    [
      'InvalidArgument',
      configuration(
        rule('a', '<Expiration><CreatedBeforeDate>now</CreatedBeforeDate></Expiration>'),
      ),
    ],
    ['InvalidArgument', configuration(rule('a', EXPIRE), rule('a/b', EXPIRE))],
    [
      'InvalidArgument',
      configuration(`<ID>a</ID>${rule('a', EXPIRE)}`, `<ID>a</ID>${rule('b', EXPIRE)}`),
    ],
    [
      'NotImplemented',
      configuration(
        rule('a', '<Transition><Days>1</Days><StorageClass>IA</StorageClass></Transition>'),
      ),
    ],
  ])('are refused with %s: %s', async (code, body) => {
    expect((await put(body)).element('Code')).toBe(code);
    expect(cloud.oss.service.buckets.require(BUCKET).lifecycle).toBeUndefined();
  });

  it('may overlap when the request says so', async () => {
    const body = configuration(rule('a', EXPIRE), rule('a/b', EXPIRE));
    expect((await put(body, { 'x-oss-allow-same-action-overlap': 'true' })).status).toBe(200);
  });

  it('remove the objects of their prefix at the midnight after their days, and no other', async () => {
    for (const key of ['logs/1', 'logs/2', 'other', 'off/1']) await store(key);
    await put(configuration(rule('logs/', EXPIRE), rule('off/', EXPIRE, 'Disabled')));
    await cloud.clock.advance(DAY);
    await store('logs/2');
    await cloud.clock.advance(DAY - 1);
    expect(keys()).toEqual(['logs/1', 'logs/2', 'off/1', 'other']);
    await cloud.clock.advance(DAY);
    expect(keys()).toEqual(['logs/2', 'off/1', 'other']);
    await cloud.clock.advance(DAY);
    expect(keys()).toEqual(['off/1', 'other']);
  });

  it('look at the tags of an object', async () => {
    await store('a', { 'x-oss-tagging': 'keep=no' });
    await store('b', { 'x-oss-tagging': 'keep=yes' });
    await put(configuration(rule('', `${EXPIRE}<Tag><Key>keep</Key><Value>no</Value></Tag>`)));
    await cloud.clock.advance(3 * DAY);
    expect(keys()).toEqual(['b']);
  });

  it('remove objects stored before a date', async () => {
    const tomorrow = new Date(Math.ceil(cloud.clock.now() / DAY) * DAY).toISOString();
    await store('old');
    await put(
      configuration(
        rule('', `<Expiration><CreatedBeforeDate>${tomorrow}</CreatedBeforeDate></Expiration>`),
      ),
    );
    await cloud.clock.advance(DAY);
    await store('new');
    await cloud.clock.advance(DAY);
    expect(keys()).toEqual(['new']);
  });

  it('abort the uploads that no one finished, with their parts', async () => {
    const client = cloud.client();
    const { uploadId } = await client.initMultipartUpload('parts/a');
    await client
      .uploadPart('parts/a', uploadId, 1, Buffer.alloc(10) as never, 0, 10)
      .catch(() => {});
    await client.initMultipartUpload('kept');
    await put(
      configuration(rule('parts/', '<AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>')),
    );
    await cloud.clock.advance(2 * DAY);
    expect(cloud.oss.service.buckets.stat(BUCKET).uploads).toBe(1);
    expect([...cloud.oss.service.store.parts.range('')]).toEqual([]);
  });

  it('hold the clock only while there are any', async () => {
    expect(cloud.clock.pending).toBe(0);
    await put(configuration(rule('logs/', EXPIRE)));
    await put(configuration(rule('logs/', EXPIRE)));
    expect(cloud.clock.pending).toBe(1);
    await sendSigned(cloud, { method: 'DELETE', query: { lifecycle: undefined } });
    await cloud.clock.advance(DAY);
    expect(cloud.clock.pending).toBe(0);
  });

  it('of the template are caught up with when the service was not running', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'oss-lifecycle-'));
    const lifecycle: LifecycleRule[] = [
      { id: 'a', prefix: '', enabled: true, tags: [], expiration: { days: 1 } },
    ];
    const options = { accountId: '1', region: 'cn-hangzhou', data: folder };
    const clock = new DrivenClock();
    const before = await OssService.open({ ...options, clock });
    await before.apply({ buckets: [{ name: BUCKET, acl: 'private', lifecycle }] });
    const properties = {
      headers: {},
      meta: {},
      acl: 'default',
      storageClass: 'Standard',
      tags: [],
    } as const;
    await before.objects.put(
      { bucket: BUCKET, key: 'a' },
      (async function* () {})(),
      { properties },
      { requestId: 'R' },
    );
    await before.close();
    await clock.advance(3 * DAY);
    const after = await OssService.open({ ...options, clock });
    expect(after.listObjects(BUCKET)).toEqual([]);
    await after.close();
    await rm(folder, { recursive: true });
  });
});
