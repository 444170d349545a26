import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessKey, AccessRequest } from '#src/identities/types';
import {
  BUCKET,
  type Signed,
  send,
  sendSigned,
  startTestCloud,
  type TestCloud,
} from './helpers.ts';

let cloud: TestCloud;
let role: Required<AccessKey>;
beforeEach(async () => {
  cloud = await startTestCloud();
  role = cloud.authority.issue(cloud.clock.now() + 60_000);
  await sendSigned(cloud, { method: 'PUT', key: 'secret/x', body: 'the secret' });
  await link('pub/link', 'secret/x');
});
afterEach(() => cloud.close());

async function link(key: string, target: string, headers: Record<string, string> = {}) {
  return sendSigned(cloud, {
    method: 'PUT',
    key,
    query: { symlink: undefined },
    headers: { 'x-oss-symlink-target': target, ...headers },
    body: '',
  });
}

const onSecret = ({ resource }: AccessRequest) => resource.includes('/secret/');
const copy = { 'x-oss-copy-source': `/${BUCKET}/pub/link` };
const READS: [string, Signed][] = [
  ['GetObject', { key: 'pub/link' }],
  ['HeadObject', { method: 'HEAD', key: 'pub/link' }],
  ['CopyObject', { method: 'PUT', key: 'pub/copy', headers: copy, body: '' }],
  ['UploadPartCopy', { method: 'PUT', key: 'pub/copy', headers: copy, body: '' }],
  ['RestoreObject', { method: 'POST', key: 'pub/link', query: { restore: undefined }, body: '' }],
];

async function prepare(name: string, signed: Signed): Promise<Signed> {
  if (name !== 'UploadPartCopy') return signed;
  const query = { uploads: undefined };
  const begun = await sendSigned(cloud, { method: 'POST', key: 'pub/copy', query });
  return { ...signed, query: { uploadId: begun.element('UploadId'), partNumber: '1' } };
}

describe('a symlink to what the reader may not read', () => {
  it.each(READS)('is refused to %s where nothing allows the target', async (name, signed) => {
    const prepared = await prepare(name, signed);
    cloud.authority.may = (request) =>
      onSecret(request) ? { allowed: false, reason: 'not said' } : { allowed: true };
    const reply = await sendSigned(cloud, { ...prepared, as: role });
    expect([reply.status, reply.element('Code')]).toEqual([403, 'AccessDenied']);
    expect(reply.text).not.toContain('the secret');
  });

  it.each(READS)(
    'is refused to %s under an explicit Deny, whatever the ACLs',
    async (name, signed) => {
      const prepared = await prepare(name, signed);
      await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
      cloud.authority.may = (request) =>
        onSecret(request)
          ? { allowed: false, reason: 'denied', by: 'deny-statement' }
          : { allowed: true };
      const reply = await sendSigned(cloud, { ...prepared, as: role });
      expect([reply.status, reply.element('EC')]).toEqual([403, '0003-00000201']);
    },
  );

  it.each(READS)('is refused to %s where the link itself is not allowed', async (name, signed) => {
    const prepared = await prepare(name, signed);
    cloud.authority.may = ({ resource }) =>
      resource.endsWith('/pub/link') ? { allowed: false, reason: 'no' } : { allowed: true };
    expect((await sendSigned(cloud, { ...prepared, as: role })).status).toBe(403);
  });

  it('is refused to anyone though the link is public, and given once the target is too', async () => {
    await link('pub/link', 'secret/x', { 'x-oss-object-acl': 'public-read' });
    const path = `/${BUCKET}/pub/link`;
    expect((await send(cloud, { path })).status).toBe(403);
    expect((await send(cloud, { method: 'HEAD', path })).status).toBe(403);
    const secret = { bucket: BUCKET, key: 'secret/x' };
    await cloud.oss.service.objects.set(secret, { acl: 'public-read' });
    expect((await send(cloud, { path })).text).toBe('the secret');
    await cloud.oss.service.objects.set({ bucket: BUCKET, key: 'pub/link' }, { acl: 'private' });
    expect((await send(cloud, { path })).status).toBe(403);
  });

  it('is asked for both, link first, with the same action', async () => {
    cloud.authority.asked.length = 0;
    expect((await sendSigned(cloud, { key: 'pub/link', as: role })).text).toBe('the secret');
    expect(
      cloud.authority.asked.map(({ action, resource }) => [
        action,
        resource.split('/').slice(1).join('/'),
      ]),
    ).toEqual([
      ['oss:GetObject', 'pub/link'],
      ['oss:GetObject', 'secret/x'],
    ]);
  });

  it('may be looked at as a link without the target', async () => {
    cloud.authority.may = (request) =>
      onSecret(request) ? { allowed: false, reason: 'not said' } : { allowed: true };
    const reply = await sendSigned(cloud, {
      key: 'pub/link',
      query: { symlink: undefined },
      as: role,
    });
    expect([reply.status, reply.headers['x-oss-symlink-target']]).toEqual([200, 'secret/x']);
  });
});
