import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBytes } from '#src/oss/bytes';
import { lmdbStore } from '#src/oss/store/lmdb';
import { memoryStore } from '#src/oss/store/memory';
import type { BucketRecord, Store } from '#src/oss/store/types';
import { folderOf } from '#test/temporary-folder';

const bucket = (name: string): BucketRecord => ({
  name,
  acl: 'private',
  storageClass: 'Standard',
  created: 0,
});

describe.each([
  ['memory', () => memoryStore()],
  ['LMDB', (folder: string) => lmdbStore(folder)],
])('the %s store', (_, open) => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oss-store-'));
    store = open(folder);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  async function fill(ids: string[]): Promise<void> {
    await store.transact(() => {
      for (const id of ids) store.buckets.put(id, bucket(id));
    });
  }
  const ids = (from: string, to?: string) => [...store.buckets.range(from, to)].map(([id]) => id);

  it('returns a record until it is removed', async () => {
    await fill(['a']);
    expect(store.buckets.get('a')).toEqual(bucket('a'));
    await store.transact(() => store.buckets.remove('a'));
    expect(store.buckets.get('a')).toBeUndefined();
    expect(ids('')).toEqual([]);
  });

  it('orders ids as UTF-8 bytes, not as UTF-16', async () => {
    const keys = ['z', '\u{1F600}', '\uFFFD', 'é', 'a\0b', 'a', 'B'].map(toBytes);
    await fill(keys);
    expect(ids('')).toEqual(['B', 'a', 'a\0b', 'z', 'é', '\uFFFD', '\u{1F600}'].map(toBytes));
  });

  it('ranges from an id on, up to but without another', async () => {
    await fill(['a', 'b', 'c', 'd']);
    expect(ids('b', 'd')).toEqual(['b', 'c']);
    expect(ids('bb')).toEqual(['c', 'd']);
  });

  it('holds ids of the longest bucket and key', async () => {
    const id = `${'b'.repeat(63)}\0${'k'.repeat(1023)}\0${'0'.repeat(32)}`;
    await fill([id]);
    expect(ids('')).toEqual([id]);
  });

  it('lets a transaction see its own writes, and gives its result', async () => {
    const name = await store.transact(() => {
      store.buckets.put('a', bucket('first'));
      return store.buckets.get('a')?.name;
    });
    expect(name).toBe('first');
  });

  it('lets exactly one of many transactions be the first', async () => {
    const take = () =>
      store.transact(() => {
        if (store.buckets.get('a')) return false;
        store.buckets.put('a', bucket('a'));
        return true;
      });
    const won = await Promise.all(Array.from({ length: 20 }, take));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('rejects with what a transaction throws', async () => {
    await expect(
      store.transact(() => {
        throw new RangeError('no');
      }),
    ).rejects.toThrow(RangeError);
  });
});

it('the LMDB store keeps nothing of the transactions that are written together when one cannot be', async () => {
  const store = lmdbStore(folderOf());
  const put = (id: string) => store.transact(() => store.buckets.put(id, bucket(id)));
  const results = await Promise.allSettled([put('a'), put('k'.repeat(5000)), put('b')]);
  for (const result of results)
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'DataNotWritten' } });
  expect([...store.buckets.range('')]).toEqual([]);
  await put('c');
  expect([...store.buckets.range('')].map(([id]) => id)).toEqual(['c']);
  await store.close();
});
