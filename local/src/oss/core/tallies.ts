import { firstAfter } from '../bytes.ts';
import type { ObjectRecord, Store, Table, UploadRecord } from '../store/types.ts';

/** How much a bucket holds. */
export interface Tally {
  objects: number;
  /** Bytes of the objects' content. */
  storage: number;
  /** Uploads that are not finished. */
  uploads: number;
}

/**
 * The amount that each bucket holds, counted once when a bucket is first asked for, and kept up to
 * date from then on with every change that goes through `store`. A failed write makes it count
 * again.
 */
export class Tallies {
  /** The given store; each change through it is counted. */
  readonly store: Store;
  readonly #byBucket = new Map<string, Tally>();

  constructor(store: Store) {
    this.store = {
      ...store,
      objects: this.#counting(store.objects, (tally, { size }, by) => {
        tally.objects += by;
        tally.storage += by * size;
      }),
      uploads: this.#counting(store.uploads, (tally, _, by) => {
        tally.uploads += by;
      }),
      transact: async (work, options) => {
        try {
          return await store.transact(work, options);
        } catch (error) {
          this.#byBucket.clear();
          throw error;
        }
      },
      close: () => store.close(),
    };
  }

  /** Returns what the bucket holds now; zeros for one that does not exist. */
  of(bucket: string): Readonly<Tally> {
    const known = this.#byBucket.get(bucket);
    if (known) return known;
    const { objects, uploads } = this.store;
    const scope = `${bucket}\0`;
    const tally = { objects: 0, storage: 0, uploads: 0 };
    for (const [, { size }] of objects.range(scope, firstAfter(scope))) {
      tally.objects += 1;
      tally.storage += size;
    }
    for (const _ of uploads.range(scope, firstAfter(scope))) tally.uploads += 1;
    this.#byBucket.set(bucket, tally);
    return tally;
  }

  #counting<T extends ObjectRecord | UploadRecord>(
    table: Table<T>,
    count: (tally: Tally, record: T, by: 1 | -1) => void,
  ): Table<T> {
    const takeOut = (id: string): Tally | undefined => {
      const tally = this.#byBucket.get(id.slice(0, id.indexOf('\0')));
      const old = tally && table.get(id);
      if (tally && old) count(tally, old, -1);
      return tally;
    };
    return {
      get: (id) => table.get(id),
      range: (from, to) => table.range(from, to),
      put(id, record) {
        const tally = takeOut(id);
        table.put(id, record);
        if (tally) count(tally, record, 1);
      },
      remove(id) {
        takeOut(id);
        table.remove(id);
      },
    };
  }
}
