import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, send, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const TEXT = 'text '.repeat(1000);
const put = (body: string, headers: Record<string, string> = {}, key = 'a.txt') =>
  sendSigned(cloud, { method: 'PUT', key, body, headers });
const get = (headers: Record<string, string> = {}, method = 'GET', key = 'a.txt') =>
  sendSigned(cloud, { method, key, headers: { 'accept-encoding': 'gzip', ...headers } });

describe('an object of text', () => {
  it('of 1 KB is sent compressed to a client that accepts gzip, chunked, without headers of the whole', async () => {
    await put(TEXT);
    const { status, headers, body } = await get();
    expect([status, headers['content-encoding'], headers['transfer-encoding']]).toEqual([
      200,
      'gzip',
      'chunked',
    ]);
    expect(gunzipSync(body).toString()).toBe(TEXT);
    for (const name of ['etag', 'content-length', 'accept-ranges', 'content-md5'])
      expect(headers[name], name).toBeUndefined();
    expect(headers['content-type']).toBe('text/plain');
  });

  it('is reported as compressed by HEAD too', async () => {
    await put(TEXT);
    const { headers } = await get({}, 'HEAD');
    expect(headers['content-encoding']).toBe('gzip');
    expect([headers.etag, headers['content-length']]).toEqual([undefined, undefined]);
  });

  it.each<[string, () => Promise<unknown>, Record<string, string>]>([
    ['of less than 1 KB', () => put('x'.repeat(1023)), {}],
    ['of another type', () => put(TEXT, { 'content-type': 'image/png' }), {}],
    ['that is encoded already', () => put(TEXT, { 'content-encoding': 'br' }), {}],
    ['for whom does not take gzip', () => put(TEXT), { 'accept-encoding': 'br, identity' }],
    ['for whom refuses it', () => put(TEXT), { 'accept-encoding': 'gzip;q=0, *' }],
    ['of which a range is asked for', () => put(TEXT), { range: 'bytes=0-1999' }],
  ])('%s is sent as it is', async (_, store, headers) => {
    await store();
    const reply = await get(headers);
    expect(reply.headers['content-encoding']).not.toBe('gzip');
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
    expect(reply.headers.etag).toBeDefined();
  });

  it.each(['gzip', 'deflate, gzip;q=0.5', '*', 'GZIP'])(
    'is compressed for %j',
    async (accepted) => {
      await put('x'.repeat(1024), { 'content-type': 'application/json; charset=utf-8' });
      const reply = await get({ 'accept-encoding': accepted });
      expect(reply.headers['content-encoding']).toBe('gzip');
    },
  );

  it('is compressed for the public too, and a condition still counts', async () => {
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read' }] });
    const { headers } = await put(TEXT);
    const path = `/${BUCKET}/a.txt`;
    const reply = await send(cloud, { path, headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(reply.body).toString()).toBe(TEXT);
    expect((await get({ 'if-none-match': String(headers.etag) })).status).toBe(304);
  });
});
