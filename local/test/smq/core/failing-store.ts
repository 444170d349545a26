import { inGroups } from '#src/data/groups';
import type { Change, Key, Store, Table, Tables } from '#src/smq/core/store';

/** A store that keeps its records across restarts of the service, and whose disk can be full. */
export interface FailingStore extends Store {
  full: boolean;
  /** Called before each group is written. */
  onWrite: () => void;
}

export function failingStore(): FailingStore {
  const tables = new Map<Table, Map<string, { key: Key; value: unknown }>>();
  const tableOf = (name: Table) => {
    const table = tables.get(name) ?? new Map();
    tables.set(name, table);
    return table;
  };
  const store: FailingStore = {
    full: false,
    onWrite: () => {},
    *read<T extends Table>(name: T): Generator<{ key: Key; value: Tables[T] }> {
      const entries = [...tableOf(name).values()] as { key: Key; value: Tables[T] }[];
      for (const { key, value } of entries.sort((a, b) => compare(a.key, b.key)))
        yield { key, value: structuredClone(value) };
    },
    ...inGroups<Change>((changes) => {
      store.onWrite();
      if (store.full) throw new Error('no space left on device');
      for (const { table, key, value } of changes) {
        if (value === undefined) tableOf(table).delete(JSON.stringify(key));
        else tableOf(table).set(JSON.stringify(key), { key, value: structuredClone(value) });
      }
    }),
    close: () => Promise.resolve(),
  };
  return store;
}

function compare(a: Key, b: Key): number {
  if (!Array.isArray(a) || !Array.isArray(b)) return a < b ? -1 : 1;
  for (const i of [0, 1]) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
