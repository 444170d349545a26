import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, send, sendSigned } from '../helpers.ts';
import {
  answered,
  below,
  type DiskCloud,
  each,
  keysIn,
  mutate,
  pick,
  startDiskCloud,
} from './mutations.ts';

let cloud: DiskCloud;
beforeAll(async () => {
  cloud = await startDiskCloud();
});
afterAll(() => cloud.close());

const keys = () => keysIn(cloud);

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

describe('four thousand mutated addresses', () => {
  it('2,000 signed URLs, changed in a character, of another method, key or time, are refused', async () => {
    const client = cloud.client();
    const pathOf = (url: string) => url.replace(/^http:\/\/[^/]+/, '');
    const paths = [
      pathOf(client.signatureUrl('a', { expires: 600 })),
      pathOf(await client.signatureUrlV4('GET', 600, undefined, 'a')),
    ];
    for (const path of paths) expect((await send(cloud, { path })).status).toBe(200);
    await each(2000, async (round) => {
      const path = pick(paths);
      const forged = [
        { path, method: pick(['PUT', 'DELETE', 'HEAD']) },
        { path: path.replace('/a?', `/${pick(['b', 'A', 'a/', 'a%20', '../a', 'a/../a'])}?`) },
        {
          path: path.replace(
            /([sS]ignature=)([^&]+)/,
            (_, name, value) => name + mutate(value, 'abc0'),
          ),
        },
        {
          path: path.replace(
            /(Expires=|x-oss-expires=)\d+/,
            (_, name) => name + (99_999 + below(9999)),
          ),
        },
        {
          path: `${path}&${pick(['acl', 'tagging', 'uploads', 'response-expires=0', 'x-oss-a=b'])}`,
        },
        { path: path.replace(/AccessKeyId=[^&]+|credential=[^%]+/, (text) => mutate(text, 'xyz')) },
      ][round % 6] as { path: string; method?: string };
      const reply = await send(cloud, forged);
      answered(reply, forged);
      // %2b is %2B
      const same = decoded(forged.path) === decoded(path) && forged.method === undefined;
      if (!same) expect(reply.status, forged.path).toBeGreaterThanOrEqual(400);
    });
    expect(keys()).toEqual(['a']);
  });

  it('2,000 keys and buckets of forbidden forms store nothing anywhere else', async () => {
    const parts = [
      '..',
      '.',
      '',
      '/',
      '\\',
      '%00',
      '%2e%2e',
      '%2F',
      '%FF%FE',
      '%C0%AF',
      '%',
      'ü',
      'k'.repeat(400),
      '%5c',
      ':',
      '\t',
    ];
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    await each(2000, async () => {
      const key = Array.from({ length: 1 + below(5) }, () => pick(parts)).join(
        pick(['/', '', '//']),
      );
      const bucket = pick([
        BUCKET,
        BUCKET,
        '..',
        'a',
        '-ab',
        'ab-',
        'Box',
        'b_x',
        'x'.repeat(64),
        '.%2e',
        '%00',
      ]);
      const exchange = {
        method: pick(['PUT', 'PUT', 'GET', 'DELETE']),
        path: encodeURI(`/${bucket}/${key}`).replaceAll('%25', '%'),
        body: 'x',
      };
      answered(await send(cloud, exchange), exchange);
    });
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'private' }] });
    expect((await readdir(join(cloud.parent, 'a'))).sort()).toEqual(['b', 'outside']);
    expect(await readdir(join(cloud.parent, 'a', 'b'))).toEqual(['data']);
    expect((await readdir(join(cloud.parent, 'a', 'b', 'data'))).sort()).toEqual([
      'blobs',
      'index',
      'tmp',
    ]);
    for (const key of keys()) await sendSigned(cloud, { method: 'DELETE', key });
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'text' });
  });
});
