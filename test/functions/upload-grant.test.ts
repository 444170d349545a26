import { httpEvent } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { handler } from '#functions/upload-grant';
import type { UploadGrant } from '#shared/oss';
import { OssClient, upload } from '#shared/oss';
import { type Called, calledDirectly, localCloud } from '#test/local-cloud';

const WISH = { name: '2026/notes.txt', contentType: 'text/plain', size: 6 };
const KEY = 'uploads/2026/notes.txt';

async function granted(context: Called['context'], kind: string, change: object = {}) {
  const body = JSON.stringify({ kind, ...WISH, ...change });
  const { statusCode, body: answer } = await handler(httpEvent({ body }), context);
  return { statusCode, grant: JSON.parse(answer ?? '') };
}

/** Uploads as a browser does, by a form or by fetch. */
function use(grant: UploadGrant, content = 'a text'): Promise<Response> {
  if (grant.kind === 'url') {
    const { 'content-length': _, ...headers } = grant.headers;
    return fetch(grant.url, { method: 'PUT', headers, body: content });
  }
  if (grant.kind !== 'post') throw new Error('not for a browser');
  const form = new FormData();
  for (const [name, value] of Object.entries(grant.fields)) form.append(name, value);
  form.append('file', new Blob([content]), 'notes.txt');
  return fetch(grant.url, { method: 'POST', body: form });
}

it.each(['post', 'url'])('grants an upload that OSS accepts once: %s', async (kind) => {
  const { cloud, context } = await calledDirectly('upload-grant');
  const { statusCode, grant } = await granted(context, kind);
  expect([statusCode, grant.kind, grant.key]).toEqual([201, kind, KEY]);
  expect((await use(grant)).ok).toBe(true);
  expect(await cloud.bucket().objects('')).toEqual({ [KEY]: 'a text' });
  expect((await use(grant)).status).toBe(409);
});

it('grants a credential that puts its one object, in parts too, and may do nothing else', async () => {
  const { cloud, context } = await calledDirectly('upload-grant');
  const { grant } = await granted(context, 'sts');
  expect(grant).toMatchObject({
    key: KEY,
    notEnforced: expect.arrayContaining([
      ...['contentType', 'size', 'acl', 'overwrite'],
      ...['symlink', 'append', 'storageClass', 'contentEncoding', 'metadata'],
      'expiry', // 900 seconds, although the rules say 600
    ]),
  });
  const { bucket, region, credentials } = grant;
  const client = new OssClient({ bucket, region, credentials, env: cloud.environment });
  const large = Buffer.alloc(150 * 1024, 'x');
  await upload(client, KEY, large, { partSize: 100 * 1024 });
  expect(await cloud.bucket().objects('')).toEqual({ [KEY]: large.toString() });
  const refused = { code: 'AccessDenied' };
  await expect(client.putObject('uploads/2026/other.txt', 'x')).rejects.toMatchObject(refused);
  await expect(client.putObject(`${KEY}2`, 'x')).rejects.toMatchObject(refused);
  await expect(client.getObject(KEY)).rejects.toMatchObject(refused);
  await expect(client.deleteObject(KEY)).rejects.toMatchObject(refused);
  await expect(client.listObjects()).rejects.toMatchObject(refused);
});

it('does the same as a bundle', async () => {
  const cloud = await localCloud();
  const url = cloud.function('upload-grant').url;
  const body = JSON.stringify({ kind: 'post', ...WISH });
  const response = await fetch(url, { method: 'POST', body });
  expect(response.status).toBe(201);
  expect((await use((await response.json()) as UploadGrant)).status).toBe(201);
  expect(await cloud.bucket().objects('uploads/')).toEqual({ [KEY]: 'a text' });
});

it.each([
  [{ contentType: 'text/html' }, 415, 'UnsupportedMediaType'],
  [{ size: 200 * 1024 * 1024 }, 413, 'PayloadTooLarge'],
  [{ name: '../orders/1.json' }, 400, 'InvalidObjectKey'],
  [{ name: '*' }, 400, 'InvalidObjectKey'],
  [{ kind: 'all' }, 400, 'InvalidValue'],
  [{ size: '6' }, 400, 'InvalidValue'],
  [{ size: -1 }, 400, 'InvalidSize'],
  [{ size: 1.5 }, 400, 'InvalidSize'],
])('grants nothing to %j: %i', async (change, status, code) => {
  const { context } = await calledDirectly('upload-grant');
  const { statusCode, grant } = await granted(context, 'sts', change);
  expect([statusCode, grant.error.code]).toEqual([status, code]);
});

it.each(['PUT', 'POST', 'DELETE'])(
  'lets a page send %s to the bucket, as a browser asks beforehand',
  async (method) => {
    const { cloud } = await calledDirectly('upload-grant');
    const bucket = cloud.project?.buckets[0]?.name;
    const response = await fetch(`${cloud.oss.url}/${bucket}/direct/a.txt`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type,x-oss-forbid-overwrite',
      },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-methods')).toContain(method);
    expect(response.headers.get('access-control-allow-origin')).toMatch(
      /^(\*|https:\/\/shop\.example)$/,
    );
  },
);
