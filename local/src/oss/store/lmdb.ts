import { inGroups } from '../../data/groups.ts';
import { type Environment, type EnvironmentTable, openEnvironment } from '../../data/lmdb.ts';
import { DataNotWritten } from '../../data/not-written.ts';
import type { Store, Table } from './types.ts';

/** The tables of an OSS environment. */
export const OSS_TABLES = {
  buckets: 'binary',
  objects: 'binary',
  uploads: 'binary',
  parts: 'binary',
} as const;

/** The work of one transaction; it returns its result once written. */
interface Work {
  run(): void;
  grows: boolean;
}

export interface LmdbStoreOptions {
  /** Whether a transaction is synced to the disk before it resolves. */
  sync?: boolean;
}

/** Returns a store in an environment at `folder`. Throws what `openEnvironment` throws. */
export function lmdbStore(folder: string, { sync = false }: LmdbStoreOptions = {}): Store {
  const environment = openEnvironment(folder, { tables: OSS_TABLES, sync });
  const groups = inGroups<Work>((works) =>
    environment.write(
      () => {
        for (const work of works) work.run();
      },
      works.some(({ grows }) => grows),
    ),
  );
  return {
    buckets: new LmdbTable(environment, 'buckets'),
    objects: new LmdbTable(environment, 'objects'),
    uploads: new LmdbTable(environment, 'uploads'),
    parts: new LmdbTable(environment, 'parts'),
    async transact<T>(work: () => T, { grows = true } = {}): Promise<T> {
      let outcome: (() => T) | undefined;
      const run = (): void => {
        try {
          const result = work();
          outcome = () => result;
        } catch (error) {
          if (error instanceof DataNotWritten) throw error;
          outcome = () => {
            throw error;
          };
        }
      };
      await groups.commit([{ run, grows }]);
      if (!outcome) throw new Error('A transaction has not run');
      return outcome();
    },
    close: () => groups.commit([]).finally(() => environment.close()),
  };
}

class LmdbTable<T> implements Table<T> {
  readonly #table: EnvironmentTable<T, Buffer>;

  constructor(environment: Environment, name: keyof typeof OSS_TABLES) {
    this.#table = environment.table(name);
  }

  get(id: string): T | undefined {
    return this.#table.get(bytes(id));
  }

  *range(from: string, to?: string): Iterable<readonly [string, T]> {
    const end = to === undefined ? {} : { end: bytes(to) };
    for (const { key, value } of this.#table.range({ start: bytes(from), ...end }))
      yield [key.toString('latin1'), value];
  }

  put(id: string, record: T): void {
    this.#table.put(bytes(id), record);
  }

  remove(id: string): void {
    this.#table.remove(bytes(id));
  }
}

function bytes(id: string): Buffer {
  return Buffer.from(id, 'latin1');
}
