import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const list = (query: Record<string, string | undefined>) => sendSigned(cloud, { query });
const all = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value]) => value);
async function fill(...keys: string[]) {
  for (const key of keys) await sendSigned(cloud, { method: 'PUT', key, body: key });
}

describe.each([
  ['ListObjects', {}],
  ['ListObjectsV2', { 'list-type': '2' }],
])('%s', (_, version) => {
  it('orders keys by their UTF-8 bytes and describes each', async () => {
    await fill('z', '\u{1F600}', '\uFFFD', 'A');
    const reply = await list(version);
    expect(all(reply.text, 'Key')).toEqual(['A', 'z', '\uFFFD', '\u{1F600}']);
    expect(all(reply.text, 'Size')).toEqual(['1', '1', '3', '4']);
    expect(all(reply.text, 'Type')).toEqual(Array(4).fill('Normal'));
    expect(reply.element('LastModified')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(reply.element('IsTruncated')).toBe('false');
    expect(reply.element('MaxKeys')).toBe('100');
  });

  it('encodes names when asked to, and only url', async () => {
    await fill('ü/\u0001', 'ü/b/c');
    const query = { ...version, prefix: 'ü/', delimiter: '/', 'encoding-type': 'url' };
    const reply = await list(query);
    expect(all(reply.text, 'Key')).toEqual(['%C3%BC%2F%01']);
    expect(all(reply.text, 'Prefix')).toEqual(['%C3%BC%2F', '%C3%BC%2Fb%2F']);
    expect((await list({ ...version, 'encoding-type': 'x' })).element('Code')).toBe(
      'InvalidArgument',
    );
  });

  it.each(['0', '1001', '-1', 'ten', '1.5', '99999999999'])(
    'refuses %s for max-keys',
    async (limit) => {
      const reply = await list({ ...version, 'max-keys': limit });
      expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidArgument']);
      expect(reply.element('ArgumentName')).toBe('max-keys');
    },
  );

  it('of a bucket that is not there says so', async () => {
    const reply = await sendSigned(cloud, { bucket: 'none', query: version });
    expect(reply.element('Code')).toBe('NoSuchBucket');
  });
});

describe('ListObjectsV2', () => {
  it('lists owners only on request', async () => {
    await fill('a');
    expect((await list({ 'list-type': '2' })).text).not.toContain('<Owner>');
    expect((await list({ 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>');
  });

  it('goes on where the token says, refusing one it did not give', async () => {
    await fill('a', 'b', 'c');
    const first = await list({ 'list-type': '2', 'max-keys': '2' });
    const token = first.element('NextContinuationToken') ?? '';
    const rest = await list({ 'list-type': '2', 'continuation-token': token });
    expect(all(rest.text, 'Key')).toEqual(['c']);
    expect(rest.element('KeyCount')).toBe('1');
    const empty = await list({ 'list-type': '2', 'continuation-token': '' });
    expect(all(empty.text, 'Key')).toEqual(['a', 'b', 'c']);
    for (const wrong of ['!', 'a b'])
      expect((await list({ 'list-type': '2', 'continuation-token': wrong })).element('Code')).toBe(
        'InvalidArgument',
      );
  });
});
