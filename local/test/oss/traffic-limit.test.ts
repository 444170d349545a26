import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#src/testing/until';
import {
  BUCKET,
  type Reply,
  type Signed,
  sendSigned,
  startTestCloud,
  type TestCloud,
} from './helpers.ts';
import { file, formsFor } from './operations/post-object/forms.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const LIMIT = 819_200;
/** Two seconds at the slowest rate. */
const CONTENT = Buffer.alloc(204_800, 'abc');
const headers = { 'x-oss-traffic-limit': String(LIMIT) };

/** Returns how many milliseconds of the driven clock an exchange takes. */
const timeOf = (signed: Signed) => timed(() => sendSigned(cloud, signed));

async function timed(send: () => Promise<Reply>): Promise<{ reply: Reply; took: number }> {
  const started = cloud.clock.now();
  let reply: Reply | undefined;
  const exchange = send().then((answer) => {
    reply = answer;
  });
  while (!reply) {
    await turn();
    if (cloud.clock.pending > 0) await cloud.clock.advance(100);
  }
  await exchange;
  return { reply, took: cloud.clock.now() - started };
}

describe('x-oss-traffic-limit', () => {
  it.each<[string, Signed]>([
    ['PutObject', { method: 'PUT', key: 'a', body: CONTENT, headers }],
    ['PutObject, as a parameter', { method: 'PUT', key: 'a', body: CONTENT, query: headers }],
    [
      'AppendObject',
      {
        method: 'POST',
        key: 'a',
        query: { append: undefined, position: '0' },
        body: CONTENT,
        headers,
      },
    ],
  ])('slows %s down', async (_, signed) => {
    const { reply, took } = await timeOf(signed);
    expect(reply.status).toBe(200);
    expect(took).toBeGreaterThanOrEqual(2000);
    expect(took).toBeLessThan(2500);
    expect(await cloud.oss.service.readObject(BUCKET, 'a')).toEqual(CONTENT);
  });

  it.each<[string, Signed]>([
    ['GetObject', { key: 'a', headers }],
    ['GetObject, as a parameter', { key: 'a', query: headers }],
    [
      'CopyObject',
      {
        method: 'PUT',
        key: 'b',
        body: '',
        headers: { ...headers, 'x-oss-copy-source': `/${BUCKET}/a` },
      },
    ],
  ])('slows %s down', async (_, signed) => {
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: CONTENT });
    const { reply, took } = await timeOf(signed);
    expect(reply.status).toBe(200);
    if (signed.method === undefined) expect(reply.body).toEqual(CONTENT);
    expect(took).toBeGreaterThanOrEqual(2000);
    expect(took).toBeLessThan(2500);
  });

  it.each([
    ['UploadPart', {}],
    ['UploadPartCopy', { 'x-oss-copy-source': `/${BUCKET}/a` }],
  ])('slows %s down', async (_, more) => {
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: CONTENT });
    const begun = await sendSigned(cloud, {
      method: 'POST',
      key: 'b',
      query: { uploads: undefined },
    });
    const uploadId = begun.element('UploadId');
    const query = { uploadId, partNumber: '1' };
    const body = 'x-oss-copy-source' in more ? '' : CONTENT;
    const { reply, took } = await timeOf({
      method: 'PUT',
      key: 'b',
      query,
      body,
      headers: { ...headers, ...more },
    });
    expect(reply.status).toBe(200);
    expect(took).toBeGreaterThanOrEqual(2000);
    expect(took).toBeLessThan(2500);
  });

  it('slows PostObject down', async () => {
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    const { post } = formsFor(() => cloud);
    const { reply, took } = await timed(() =>
      post({ key: 'a', ...headers }, [file(CONTENT.toString())]),
    );
    expect(reply.status).toBe(204);
    expect(took).toBeGreaterThanOrEqual(2000);
    expect(took).toBeLessThan(2500);
    const refused = await post({ key: 'b', 'x-oss-traffic-limit': '1' });
    expect([refused.status, refused.element('EC')]).toEqual([400, '0004-00000502']);
  });

  it.each(['819199', '838860801', '', 'fast', '-1', '1e6'])('of %j is refused', async (limit) => {
    const reply = await sendSigned(cloud, {
      method: 'PUT',
      key: 'a',
      body: 'x',
      headers: { 'x-oss-traffic-limit': limit },
    });
    expect([reply.status, reply.element('Code'), reply.element('EC')]).toEqual([
      400,
      'InvalidArgument',
      '0004-00000502',
    ]);
  });

  it.each(['819200', '838860800'])('of %s is taken', async (limit) => {
    const { reply } = await timeOf({
      method: 'PUT',
      key: 'a',
      body: 'x',
      headers: { 'x-oss-traffic-limit': limit },
    });
    expect(reply.status).toBe(200);
  });

  it('of an operation without content is 501', async () => {
    const reply = await sendSigned(cloud, { method: 'DELETE', key: 'a', headers });
    expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
  });

  it('keeps no service from closing', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: CONTENT });
    const outcomes = Promise.allSettled([
      sendSigned(cloud, { key: 'a', headers }),
      sendSigned(cloud, { method: 'PUT', key: 'b', body: CONTENT, headers }),
    ]);
    await until(() => cloud.clock.pending >= 2);
    await cloud.close();
    const [got] = await outcomes;
    expect(got?.status).toBe('rejected');
    cloud = await startTestCloud();
  });
});
