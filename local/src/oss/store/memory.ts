import type { Store, Table } from './types.ts';

/** A store that ends with the process. */
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
  readonly #ids: string[] = [];

  get(id: string): T | undefined {
    return this.#records.get(id);
  }

  *range(from: string, to?: string): Iterable<readonly [string, T]> {
    for (let index = this.#indexOf(from); index < this.#ids.length; index += 1) {
      const id = this.#ids[index] as string;
      if (to !== undefined && id >= to) return;
      yield [id, this.#records.get(id) as T];
    }
  }

  put(id: string, record: T): void {
    if (!this.#records.has(id)) this.#ids.splice(this.#indexOf(id), 0, id);
    this.#records.set(id, record);
  }

  remove(id: string): void {
    if (this.#records.delete(id)) this.#ids.splice(this.#indexOf(id), 1);
  }

  /** Where `id` is, or would be. */
  #indexOf(id: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] as string) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
