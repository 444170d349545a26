import { inGroups } from '../../../data/groups.ts';
import { openEnvironment } from '../../../data/lmdb.ts';
import type { AsyncStore, Pending } from './types.ts';

/** The tables of the asynchronous invocations' environment. */
export const FC_TABLES = { settings: 'ordered', invocations: 'ordered' } as const;

/** A stored record, which is JSON: the event in base64. */
type Stored = Omit<Pending, 'event'> & { event: string | { type: 'Buffer'; data: number[] } };

interface Change {
  key: number;
  value?: Stored;
}

/**
 * Returns a store in an environment at `path`; with `sync`, each event is synced to the disk before
 * it is acknowledged. Throws what `openEnvironment` throws.
 */
export function lmdbStore(path: string, { sync = false } = {}): AsyncStore {
  const environment = openEnvironment(path, { tables: FC_TABLES, sync });
  const invocations = environment.table<Stored, number>('invocations');
  const { commit } = inGroups<Change>((changes) =>
    environment.write(
      () => {
        for (const { key, value } of changes) {
          if (value) invocations.put(key, value);
          else invocations.remove(key);
        }
      },
      changes.some(({ value }) => value !== undefined),
    ),
  );
  return {
    *read() {
      for (const { key, value } of invocations.range())
        yield { key, value: { ...value, event: bytesOf(value.event) } };
    },
    put: (key, value) =>
      commit([{ key, value: { ...value, event: value.event.toString('base64') } }]),
    remove: (key) => commit([{ key }]),
    close: () => commit([]).finally(() => environment.close()),
  };
}

/** Reads the event; a record of an older version contains the bytes themselves. */
function bytesOf(event: Stored['event']): Buffer {
  return typeof event === 'string' ? Buffer.from(event, 'base64') : Buffer.from(event.data);
}
