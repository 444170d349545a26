import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { LocalCloudError } from '../errors.ts';
import { checkDataFile, DATA_FILE, damaged, wasMade } from './check.ts';
import { formatOf, migrate, writeFormat } from './format.ts';
import { DataNotWritten, hasRoom, WriteReports } from './not-written.ts';
import type { Problem } from './page-walk.ts';
import { readRecord, tableChecksum, writeRecord } from './record.ts';
import type { EnvironmentKey, KeyKind, Tables } from './tables.ts';

/**
 * LMDB's magic number as stored, and the part of the first page that contains it: its exact
 * position depends on the build.
 */
const MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
const HEAD_BYTES = 40;

export interface EnvironmentTable<T, K extends EnvironmentKey> {
  /** Throws LocalCloudError (`DamagedData`) for a record whose checksum is wrong; so does `range`. */
  get(key: K): T | undefined;
  /** Iterates in order of key, from `start` to `end`, exclusive. */
  range(bounds?: { start?: K; end?: K }): Iterable<{ key: K; value: T }>;
  /** Inside `write` only. */
  put(key: K, value: T): void;
  /** Inside `write` only. */
  remove(key: K): void;
}

/** An LMDB environment: a folder with a file of tables, whose records have checksums. */
export interface Environment {
  table<T, K extends EnvironmentKey>(name: string): EnvironmentTable<T, K>;
  /**
   * Runs `work` in one transaction, which is complete when this returns; or it throws
   * DataNotWritten, and nothing is written. `grows`: `work` puts something, and does not only
   * remove.
   */
  write(work: () => void, grows: boolean): void;
  close(): Promise<void>;
}

export interface EnvironmentOptions {
  /** All its tables. */
  tables: Tables;
  /** Whether a transaction is synced to the disk; absent: it is with the operating system. */
  sync?: boolean;
  /**
   * Called with one line when the folder cannot be written to, or can be again. Default: standard
   * error.
   */
  say?: (line: string) => void;
  /**
   * Called with a record of an older version that cannot be read, which is then left out; absent:
   * an error.
   */
  onUnreadable?: (problem: Problem) => void;
}

/**
 * Opens the environment in `folder`, created if it does not exist. A transaction survives a kill of
 * the process. When it reaches the disk is left to the operating system unless `sync` is given,
 * since a flush for each transaction costs thirty times the write: a power cut may lose the last
 * writes, and at worst the folder. Records that an older version wrote get their checksums now, all
 * in one transaction. Throws LocalCloudError: `CannotOpenData` for a folder that cannot be used,
 * and for a data file that is not LMDB's; `DamagedData` (see `checkDataFile`); `OtherDataFormat`
 * for one of a newer version.
 */
export function openEnvironment(
  folder: string,
  { tables, sync = false, say, onUnreadable }: EnvironmentOptions,
): Environment {
  if (!isLmdb(join(folder, DATA_FILE)))
    throw new LocalCloudError(
      'CannotOpenData',
      `"${join(folder, DATA_FILE)}" is not the data file of a local cloud`,
      'remove its folder, give another folder, or run in memory',
    );
  const format = formatOf(folder);
  const names = Object.keys(tables);
  checkDataFile(folder, names);
  const root = openRoot(folder, names.length + 2, sync);
  try {
    const databases = new Map(names.map((name) => [name, openTable(root, name, tables[name])]));
    if (format === undefined) {
      migrate(root, databases, tables, onUnreadable ?? ((problem) => refuse(folder, problem)));
      writeFormat(folder);
    }
    const reports = new WriteReports(folder, say);
    return {
      table: <T, K extends EnvironmentKey>(name: string) =>
        new LmdbTable<T, K>(databases.get(name) as Database<Buffer, K>, name, folder),
      write: (work, grows) => reports.run(() => root.transactionSync(work), grows),
      close: () => root.close(),
    };
  } catch (cause) {
    void root.close();
    throw cause instanceof LocalCloudError ? cause : cannotOpen(folder, cause);
  }
}

class LmdbTable<T, K extends EnvironmentKey> implements EnvironmentTable<T, K> {
  readonly #database: Database<Buffer, K>;
  readonly #name: string;
  readonly #folder: string;
  readonly #checksum: number;

  constructor(database: Database<Buffer, K>, name: string, folder: string) {
    this.#database = database;
    this.#name = name;
    this.#folder = folder;
    this.#checksum = tableChecksum(name);
  }

  get(key: K): T | undefined {
    try {
      const record = this.#database.get(key);
      return record === undefined ? undefined : this.#read(key, record);
    } catch (cause) {
      throw this.#unreadable(cause);
    }
  }

  *range(bounds: { start?: K; end?: K } = {}): Generator<{ key: K; value: T }> {
    try {
      for (const { key, value } of this.#database.getRange(bounds))
        yield { key, value: this.#read(key, value) };
    } catch (cause) {
      throw this.#unreadable(cause);
    }
  }

  put(key: K, value: T): void {
    const record = writeRecord(this.#checksum, key as never, value);
    try {
      this.#database.putSync(key, record);
    } catch (cause) {
      throw new DataNotWritten(this.#folder, cause);
    }
  }

  remove(key: K): void {
    try {
      this.#database.removeSync(key);
    } catch (cause) {
      throw new DataNotWritten(this.#folder, cause);
    }
  }

  #read(key: K, record: Buffer): T {
    return readRecord(this.#checksum, key as never, record) as T;
  }

  #unreadable(cause: unknown): LocalCloudError {
    const text = cause instanceof Error ? cause.message : String(cause);
    return damaged(this.#folder, [{ table: this.#name, text }]);
  }
}

function openRoot(folder: string, maxDbs: number, sync: boolean): RootDatabase {
  try {
    prepareFolder(folder);
    const flushing = sync ? { overlappingSync: false } : { noSync: true };
    return open({ path: folder, noSubdir: false, maxDbs, ...flushing });
  } catch (cause) {
    throw cannotOpen(folder, cause);
  }
}

/**
 * Creates the folder of an environment. Throws when there is no room to create one: LMDB would end
 * the process then.
 */
export function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const lock = statSync(join(folder, 'lock.mdb'), { throwIfNoEntry: false });
  const isMade = wasMade(folder) && lock !== undefined && lock.blocks !== 0;
  if (!isMade && !hasRoom(folder)) throw new Error('the disk is full');
}

function openTable(
  root: RootDatabase,
  name: string,
  keys: KeyKind | undefined,
): Database<Buffer, EnvironmentKey> {
  const keyEncoding = keys === 'binary' ? ({ keyEncoding: 'binary' } as const) : {};
  return root.openDB<Buffer, EnvironmentKey>({ name, encoding: 'binary', ...keyEncoding });
}

function refuse(folder: string, problem: Problem): never {
  throw damaged(folder, [problem]);
}

function cannotOpen(folder: string, cause: unknown): LocalCloudError {
  return new LocalCloudError(
    'CannotOpenData',
    `Cannot open the data in "${folder}" (${cause instanceof Error ? cause.message : cause})`,
    'give a folder that can be written to, or run in memory',
    { cause },
  );
}

/**
 * Returns true also for a file that does not exist yet, or is still empty. One whose first page is
 * all zeros is damaged, not a foreign file.
 */
function isLmdb(file: string): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  let read: number;
  try {
    const descriptor = openSync(file, 'r');
    read = readSync(descriptor, head, 0, head.length, 0);
    closeSync(descriptor);
  } catch {
    return true; // absent, or unreadable: opening it shows which
  }
  return read === 0 || head.includes(MAGIC) || head.every((byte) => byte === 0);
}
