import type { Database } from 'lmdb';
import { LocalCloudError } from '../../errors.ts';
import { openLmdb } from '../../lmdb.ts';
import type { Change, Key, Store, Table, Tables } from '../core/store.ts';
import { inGroups } from './groups.ts';

const FORMAT = 1;

/**
 * Keeps the state in an LMDB environment at `path`. A commit resolves when LMDB has committed its
 * transaction: it survives a kill of the process. When it reaches the disk is left to the operating
 * system, since a flush for each transaction costs thirty times the write: a power cut may take the
 * last writes, and at worst the folder. Writes of one turn of the event loop share a transaction.
 * Throws LocalCloudError if the folder can't be used or was written by another version.
 */
export function lmdbStore(path: string): Store {
  const root = openLmdb<Key>(path, { maxDbs: 16, noSync: true });
  const table = <T extends Table>(name: T): Database<Tables[T], Key> =>
    root.openDB<Tables[T], Key>({ name });
  const tables: Databases = {
    queues: table('queues'),
    topics: table('topics'),
    subscriptions: table('subscriptions'),
    messages: table('messages'),
    leases: table('leases'),
    deliveries: table('deliveries'),
    settings: table('settings'),
  };
  checkFormat(tables.settings, path);
  const groups = inGroups<Change>((changes) =>
    root.transactionSync(() => {
      for (const change of changes) write(tables, change);
    }),
  );
  return {
    *read<T extends Table>(name: T): Generator<{ key: Key; value: Tables[T] }> {
      for (const { key, value } of tables[name].getRange()) yield { key, value };
    },
    ...groups,
    close: () => groups.commit([]).finally(() => root.close()),
  };
}

type Databases = { [T in Table]: Database<Tables[T], Key> };

function write(tables: Databases, change: Change): void {
  const target: Database<Tables[Table], Key> = tables[change.table];
  if (change.value === undefined) target.removeSync(change.key);
  else target.putSync(change.key, change.value);
}

function checkFormat(settings: Database<string | number, Key>, path: string): void {
  const format = settings.get('format');
  if (format === undefined) settings.putSync('format', FORMAT);
  else if (format !== FORMAT)
    throw new LocalCloudError(
      'OtherDataFormat',
      `The SMQ data in "${path}" has format ${format}, not ${FORMAT}`,
      'remove the folder, or run the version that wrote it',
    );
}
