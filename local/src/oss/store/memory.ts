import { SortedKeys } from '../../sorted-keys.ts';
import type { Store, Table } from './types.ts';

/** Returns a store that ends with the process. */
export function memoryStore(): Store {
  return {
    buckets: new MemoryTable(),
    objects: new MemoryTable(),
    uploads: new MemoryTable(),
    parts: new MemoryTable(),
    transact: async (work) => work(),
    close: async () => {},
  };
}

class MemoryTable<T> implements Table<T> {
  readonly #records = new Map<string, T>();
  readonly #ids = new SortedKeys();

  get(id: string): T | undefined {
    return this.#records.get(id);
  }

  *range(from: string, to?: string): Iterable<readonly [string, T]> {
    for (const id of this.#ids.from(from)) {
      if (to !== undefined && id >= to) return;
      yield [id, this.#records.get(id) as T];
    }
  }

  put(id: string, record: T): void {
    if (!this.#records.has(id)) this.#ids.add(id);
    this.#records.set(id, record);
  }

  remove(id: string): void {
    if (this.#records.delete(id)) this.#ids.remove(id);
  }
}
