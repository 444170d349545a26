import { describe, expect, it } from 'vitest';
import { toBytes } from '#src/oss/bytes';
import { listNames } from '#src/oss/core/listing';
import { memoryStore } from '#src/oss/store/memory';

async function list(
  keys: string[],
  options: { prefix?: string; delimiter?: string; after?: string; limit?: number },
) {
  const { buckets } = memoryStore();
  for (const key of ['a\0other', 'c\0other', ...keys.map((key) => `b\0${toBytes(key)}`)])
    buckets.put(key, { name: key, acl: 'private', storageClass: 'Standard', created: 0 });
  const { prefix = '', delimiter = '', after = '', limit = 1000 } = options;
  const listing = listNames(buckets, { scope: 'b\0', prefix, delimiter, after, limit });
  return {
    names: listing.entries.map(({ name }) => name),
    prefixes: listing.commonPrefixes,
    next: listing.next,
  };
}

describe('a listing', () => {
  it('holds the names of its bucket alone, in byte order', async () => {
    expect(await list(['b', 'a', 'B'], {})).toEqual({
      names: ['B', 'a', 'b'],
      prefixes: [],
      next: undefined,
    });
  });

  it('starts after a marker that need not be there', async () => {
    expect((await list(['a', 'b', 'c'], { after: 'b' })).names).toEqual(['c']);
    expect((await list(['a', 'b', 'c'], { after: 'aa' })).names).toEqual(['b', 'c']);
  });

  it('keeps to the prefix, whichever side of it the marker is on', async () => {
    const keys = ['a', 'p/1', 'p/2', 'q'];
    expect((await list(keys, { prefix: 'p/' })).names).toEqual(['p/1', 'p/2']);
    expect((await list(keys, { prefix: 'p/', after: 'a' })).names).toEqual(['p/1', 'p/2']);
    expect((await list(keys, { prefix: 'p/', after: 'p/1' })).names).toEqual(['p/2']);
    expect((await list(keys, { prefix: 'p/', after: 'x' })).names).toEqual([]);
  });

  it('rolls names up to their common prefix', async () => {
    const keys = ['a/1', 'a/2', 'b', 'c/d/e', 'c/f'];
    expect(await list(keys, { delimiter: '/' })).toEqual({
      names: ['b'],
      prefixes: ['a/', 'c/'],
      next: undefined,
    });
    expect(await list(keys, { delimiter: '/', prefix: 'c/' })).toEqual({
      names: ['c/f'],
      prefixes: ['c/d/'],
      next: undefined,
    });
  });

  it('pages through names and common prefixes without losing or repeating one', async () => {
    const keys = ['a/1', 'a/2', 'b', 'c/', 'c/1', 'd', 'e/x/y', '\u00e9/1'];
    for (const limit of [1, 2, 3, 7]) {
      const seen: string[] = [];
      let after: string | undefined = '';
      for (let page = 0; after !== undefined && page < 20; page += 1) {
        const { names, prefixes, next } = await list(keys, { delimiter: '/', after, limit });
        expect(names.length + prefixes.length).toBeLessThanOrEqual(limit);
        seen.push(...names, ...prefixes);
        after = next;
      }
      expect(seen.sort()).toEqual(['a/', 'b', 'c/', 'd', 'e/', toBytes('\u00e9/')].sort());
    }
  });

  it('does not say there is more when the last name fills it', async () => {
    expect((await list(['a', 'b'], { limit: 2 })).next).toBeUndefined();
    expect((await list(['a', 'b', 'c'], { limit: 2 })).next).toBe('b');
  });

  it('looks for the delimiter in front of a NUL only', async () => {
    expect((await list(['k\0d1', 'x'], { delimiter: 'd' })).names).toEqual(['k\0d1', 'x']);
  });
});
