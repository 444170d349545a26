import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Tallies } from '#src/oss/core/tallies';
import { lmdbStore } from '#src/oss/store/lmdb';
import { memoryStore } from '#src/oss/store/memory';
import type { ObjectRecord, Store, UploadRecord } from '#src/oss/store/types';
import { seededRandom } from '#test/seeded-random';

const said = { headers: {}, meta: {}, acl: 'default', storageClass: 'Standard', tags: [] } as const;

const object = (bucket: string, key: string, size: number): ObjectRecord => ({
  ...said,
  ...{ bucket, key, size, type: 'Normal', segments: [], eTag: '', crc64: '0', lastModified: 0 },
});

const upload = (bucket: string, uploadId: string): UploadRecord => ({
  ...said,
  ...{ bucket, key: 'k', uploadId, initiated: 0 },
});

async function lmdb(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'tallies-'));
  const store = lmdbStore(folder);
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  return store;
}

describe.each([
  ['memory', async () => memoryStore()],
  ['LMDB', lmdb],
])('tallies of a store in %s', (_, open) => {
  it('are what a count of everything gives, whatever is put, replaced and removed', async () => {
    const given = await open();
    const tallies = new Tallies(given);
    const { store } = tallies;
    const upTo = seededRandom(7);
    for (let round = 0; round < 40; round++) {
      await store.transact(() => {
        for (let nth = 0; nth < 20; nth++) {
          const bucket = ['a', 'ab', 'b'][upTo(3)] ?? '';
          const id = `${bucket}\0${upTo(12)}`;
          const change = upTo(4);
          if (change === 0) store.objects.remove(id);
          else if (change === 1) store.uploads.remove(id);
          else if (change === 2) store.uploads.put(id, upload(bucket, id));
          else store.objects.put(id, object(bucket, id, upTo(1000)));
        }
      });
      // One is counted from the start, one later.
      for (const bucket of round < 20 ? ['a'] : ['a', 'ab', 'b'])
        expect(tallies.of(bucket)).toEqual(new Tallies(given).of(bucket));
    }
  });
});

it('are counted once, and anew after a write that failed', async () => {
  const given = memoryStore();
  const read: string[] = [];
  const { range } = given.objects;
  given.objects.range = (from, to) => {
    read.push(from);
    return range.call(given.objects, from, to);
  };
  const tallies = new Tallies(given);
  const { store } = tallies;
  const put = (key: string) => store.objects.put(`a\0${key}`, object('a', key, 5));
  await store.transact(() => put('1'));
  expect([tallies.of('a').objects, tallies.of('a').storage]).toEqual([1, 5]);
  await store.transact(() => put('2'));
  expect(tallies.of('a')).toEqual({ objects: 2, storage: 10, uploads: 0 });
  expect(read).toHaveLength(1);

  given.transact = async (work) => {
    work();
    given.objects.remove('a\u00003');
    throw new Error('no space left on device');
  };
  await expect(store.transact(() => put('3'))).rejects.toThrow('no space');
  expect(tallies.of('a').objects).toBe(2);
  expect(read).toHaveLength(2);
});
