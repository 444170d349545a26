import { inGroups } from '../../data/groups.ts';
import { type EnvironmentTable, openEnvironment } from '../../data/lmdb.ts';
import type { Change, Key, Store, Table, Tables } from '../core/store.ts';

/** The tables of an SMQ environment. */
export const SMQ_TABLES = {
  queues: 'ordered',
  topics: 'ordered',
  subscriptions: 'ordered',
  messages: 'ordered',
  leases: 'ordered',
  deliveries: 'ordered',
  settings: 'ordered',
} as const satisfies Record<Table, 'ordered'>;

/**
 * Returns a store in an environment at `path`; its commits are those of `inGroups`, each synced to
 * the disk with `sync`. Throws what `openEnvironment` throws.
 */
export function lmdbStore(path: string, { sync = false } = {}): Store {
  const environment = openEnvironment(path, { tables: SMQ_TABLES, sync });
  const table = <T extends Table>(name: T) => environment.table<Tables[T], Key>(name);
  const tables: EnvironmentTables = {
    queues: table('queues'),
    topics: table('topics'),
    subscriptions: table('subscriptions'),
    messages: table('messages'),
    leases: table('leases'),
    deliveries: table('deliveries'),
    settings: table('settings'),
  };
  const groups = inGroups<Change>((changes) =>
    environment.write(
      () => {
        for (const change of changes) write(tables, change);
      },
      changes.some(({ value }) => value !== undefined),
    ),
  );
  return {
    read: <T extends Table>(name: T) => tables[name].range(),
    ...groups,
    close: () => groups.commit([]).finally(() => environment.close()),
  };
}

type EnvironmentTables = { [T in Table]: EnvironmentTable<Tables[T], Key> };

function write(tables: EnvironmentTables, change: Change): void {
  const target: EnvironmentTable<Tables[Table], Key> = tables[change.table];
  if (change.value === undefined) target.remove(change.key);
  else target.put(change.key, change.value);
}
