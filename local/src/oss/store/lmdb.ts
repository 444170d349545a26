import type { Database, RootDatabase } from 'lmdb';
import { openLmdb } from '../../lmdb.ts';
import type { Store, Table } from './types.ts';

export interface LmdbStoreOptions {
  /** Whether a transaction is on the disk when it is said to be done. */
  sync?: boolean;
}

/** A store in one LMDB file of `folder`. */
export function lmdbStore(folder: string, { sync = false }: LmdbStoreOptions = {}): Store {
  // Overlapping, a transaction counts as done when the operating system has it; LMDB flushes it later.
  const root = openLmdb(folder, { maxDbs: 8, ...(sync && { overlappingSync: false }) });
  return {
    buckets: new LmdbTable(root, 'buckets'),
    objects: new LmdbTable(root, 'objects'),
    uploads: new LmdbTable(root, 'uploads'),
    parts: new LmdbTable(root, 'parts'),
    transact: (work) => root.transaction(work),
    close: () => root.close(),
  };
}

class LmdbTable<T> implements Table<T> {
  readonly #database: Database<T, Buffer>;

  constructor(root: RootDatabase, name: string) {
    this.#database = root.openDB<T, Buffer>({ name, keyEncoding: 'binary' });
  }

  get(id: string): T | undefined {
    return this.#database.get(bytes(id));
  }

  *range(from: string, to?: string): Iterable<readonly [string, T]> {
    const end = to === undefined ? {} : { end: bytes(to) };
    for (const { key, value } of this.#database.getRange({ start: bytes(from), ...end }))
      yield [key.toString('latin1'), value];
  }

  put(id: string, record: T): void {
    void this.#database.put(bytes(id), record);
  }

  remove(id: string): void {
    void this.#database.remove(bytes(id));
  }
}

function bytes(id: string): Buffer {
  return Buffer.from(id, 'latin1');
}
