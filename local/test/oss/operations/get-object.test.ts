import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, send, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
let eTag: string;
let changed: number;
beforeEach(async () => {
  cloud = await startTestCloud();
  const { headers } = await sendSigned(cloud, { method: 'PUT', key: 'a', body: '0123456789' });
  eTag = String(headers.etag);
  changed = cloud.clock.now();
  await sendSigned(cloud, { method: 'PUT', key: 'empty', body: '' });
});
afterEach(() => cloud.close());

const get = (headers: Record<string, string>, key = 'a') => sendSigned(cloud, { key, headers });
const at = (seconds: number) => new Date(changed + seconds * 1000).toUTCString();

describe('GetObject', () => {
  it.each([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=3-5', 206, '345', 'bytes 3-5/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-20', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=0-10', 200, '0123456789', undefined],
    ['bytes=10-', 200, '0123456789', undefined],
    ['bytes=5-3', 200, '0123456789', undefined],
    ['bytes=-0', 200, '0123456789', undefined],
    ['bytes=0-1,3-4', 200, '0123456789', undefined],
    ['lines=0-1', 200, '0123456789', undefined],
    ['bytes=a-b', 200, '0123456789', undefined],
  ])('answers the range %s with %i', async (range, status, text, contentRange) => {
    const reply = await get({ range });
    expect([reply.status, reply.text]).toEqual([status, text]);
    expect(reply.headers['content-range']).toBe(contentRange);
    expect(reply.headers['content-length']).toBe(String(text.length));
  });

  it.each([
    ['bytes=5-99', 206, '56789'],
    ['bytes=-99', 206, '0123456789'],
    ['bytes=10-', 416, 'InvalidRange'],
    ['bytes=12-20', 416, 'InvalidRange'],
    ['bytes=-0', 416, 'InvalidRange'],
    ['bytes=x', 200, '0123456789'],
  ])('answers the range %s by the standard with %i when asked to', async (range, status, text) => {
    const reply = await get({ range, 'x-oss-range-behavior': 'standard' });
    expect([reply.status, reply.element('Code') ?? reply.text]).toEqual([status, text]);
  });

  it('gives an empty object whatever the range', async () => {
    for (const range of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) {
      const reply = await get({ range }, 'empty');
      expect([reply.status, reply.text, reply.headers['content-length']]).toEqual([200, '', '0']);
    }
  });

  it.each([
    ['If-Match, its own', () => ({ 'if-match': eTag }), 200],
    ['If-Match, without quotes', () => ({ 'if-match': eTag.replaceAll('"', '') }), 200],
    ['If-Match, another', () => ({ 'if-match': '"other"' }), 412],
    ['If-None-Match, another', () => ({ 'if-none-match': '"other"' }), 200],
    ['If-None-Match, its own', () => ({ 'if-none-match': eTag }), 304],
    ['If-Modified-Since, before', () => ({ 'if-modified-since': at(-10) }), 200],
    ['If-Modified-Since, after', () => ({ 'if-modified-since': at(10) }), 304],
    ['If-Modified-Since, nonsense', () => ({ 'if-modified-since': 'soon' }), 200],
    ['If-Unmodified-Since, after', () => ({ 'if-unmodified-since': at(10) }), 200],
    ['If-Unmodified-Since, before', () => ({ 'if-unmodified-since': at(-10) }), 412],
  ])('holds to the condition %s', async (_, headers, status) => {
    const reply = await get(headers());
    expect(reply.status).toBe(status);
    if (status === 412) expect(reply.element('Code')).toBe('PreconditionFailed');
    if (status === 412) expect(reply.element('Condition')).toMatch(/^If-/);
    if (status === 304) expect([reply.text, reply.headers.etag]).toEqual(['', eTag]);
    const head = await sendSigned(cloud, { method: 'HEAD', key: 'a', headers: headers() });
    expect(head.status).toBe(status);
  });

  it('overrides headers of the answer when the URL says so', async () => {
    const query = { 'response-content-language': 'zh', 'response-expires': 'now' };
    const { headers } = await sendSigned(cloud, { key: 'a', query });
    expect(headers).toMatchObject({ 'content-language': 'zh', expires: 'now' });
  });

  it('overrides no Content-Type', async () => {
    for (const method of ['GET', 'HEAD']) {
      const query = { 'response-content-type': 'x/y' };
      const reply = await sendSigned(cloud, { method, key: 'a', query });
      expect([reply.status, reply.element('Code'), reply.element('EC')]).toEqual([
        400,
        'InvalidRequest',
        '0017-00000902',
      ]);
    }
  });

  it.each([
    'content-language',
    'expires',
    'cache-control',
    'content-disposition',
    'content-encoding',
  ])('overrides no %s of an answer to whom no one knows', async (name) => {
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read' }] });
    expect((await send(cloud, { path: `/${BUCKET}/a` })).status).toBe(200);
    const reply = await send(cloud, { path: `/${BUCKET}/a?response-${name}=x` });
    expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidRequest']);
  });

  it('of a key that is not there says so, in the body or the header', async () => {
    const missing = await get({}, 'missing');
    expect([missing.status, missing.element('Code'), missing.element('EC')]).toEqual([
      404,
      'NoSuchKey',
      '0026-00000001',
    ]);
    const head = await sendSigned(cloud, { method: 'HEAD', key: 'missing' });
    expect([head.status, head.body.length, head.element('Code')]).toEqual([404, 0, 'NoSuchKey']);
    expect(head.headers['x-oss-ec']).toBe('0026-00000001');
  });
});
