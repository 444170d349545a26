import * as lmdb from 'lmdb';
import { wasMade, withDataFile } from './check.ts';
import { type EnvironmentOptions, openEnvironment, prepareFolder } from './lmdb.ts';
import { DataNotWritten } from './not-written.ts';
import { DamagedPage, isLeaf, readLeaf } from './page.ts';
import { type Meta, PAGE_HEAD, type PageFile } from './page-file.ts';
import { FREE, type PageWalk, type Problem } from './page-walk.ts';
import { hasChecksum, isIntact, keyText, type RecordKey, tableChecksum } from './record.ts';

/** Exported by the package, but missing from its declarations: decodes a key from its bytes. */
const { bufferToKeyValue } = lmdb as unknown as { bufferToKeyValue(bytes: Buffer): unknown };

/** Maximum number of records written together. */
const MAX_WAITING = 1000;

/** The result of saving an environment. */
export interface Repaired {
  problems: Problem[];
  /** By table: the number of records saved, and the original number where it can still be read. */
  tables: Map<string, { saved: number; of: number | undefined }>;
}

/**
 * Saves the readable records of the environment in `from` to a new one in `to`. Where pages that
 * lead to others are damaged, the others are searched for: pages that are neither free nor reached
 * are theirs, and the checksum of a record shows its table. Where the list of free pages is damaged
 * too, the latest state of each record is saved, also of a removed one; the problems report that.
 * `from` is not changed. Throws the file system's errors, and LocalCloudError for a `to` that
 * cannot be created or written to.
 */
export async function repairEnvironment(
  from: string,
  to: string,
  tables: EnvironmentOptions['tables'],
): Promise<Repaired> {
  const names = Object.keys(tables);
  const problems: Problem[] = [];
  const counts = new Map(
    names.map((name) => [name, { saved: 0, of: undefined as number | undefined }]),
  );
  const target = new RawEnvironment(to, tables);
  // Only a folder of an older version has records without a checksum.
  const mayBeOld = !wasMade(from);
  const save = (table: string, key: Buffer, value: Buffer): void => {
    const count = counts.get(table);
    if (count && target.put(table, key, value)) count.saved++;
  };
  try {
    withDataFile(
      from,
      names,
      {
        onTable: (table, entries) => counts.set(table, { saved: 0, of: entries }),
        onEntry(table, key, value) {
          const known = recordKey(key, tables[table]);
          if (
            known !== undefined &&
            (isIntact(tableChecksum(table), known, value) || (mayBeOld && !hasChecksum(value)))
          )
            save(table, key, value);
          else
            problems.push({ table, text: `the record under ${keyText(known ?? key)} is damaged` });
        },
        onProblem({ table, text, key }) {
          const isRecord = key !== undefined && table !== undefined && names.includes(table);
          const lost = isRecord
            ? `: the record under ${keyText(recordKey(key, tables[table]) ?? key)} is lost`
            : '';
          problems.push({ table, text: text + lost });
        },
      },
      (walk, meta, file) => {
        if (!walk.isIncomplete) return;
        if (problems.some(({ table }) => table === FREE))
          problems.push({
            table: undefined,
            text: 'which pages are free cannot be read: what was removed may be among what is saved',
          });
        for (const [key, value] of leftEntries(walk, meta, file))
          for (const table of names) {
            const known = recordKey(key, tables[table]);
            if (known !== undefined && isIntact(tableChecksum(table), known, value))
              save(table, key, value);
          }
      },
    );
    target.flush();
  } finally {
    await target.close();
  }
  const onUnreadable = (problem: Problem): void => {
    problems.push(problem);
    const count = problem.table === undefined ? undefined : counts.get(problem.table);
    if (count) count.saved--;
  };
  await openEnvironment(to, { tables, onUnreadable }).close();
  return { problems, tables: counts };
}

/**
 * Yields the entries of leaves that are neither free nor reached, those of the latest transaction
 * first.
 */
function* leftEntries(
  walk: PageWalk,
  { lastPage, pageSize, transaction }: Meta,
  file: PageFile,
): Generator<[key: Buffer, value: Buffer]> {
  const pages = Math.min(lastPage + 1, Math.floor(file.size / pageSize));
  const left: { number: number; transaction: number }[] = [];
  for (let number = 2; number < pages; number++) {
    if (walk.seen.has(number) || walk.free.has(number)) continue;
    const head = file.read(number * pageSize, PAGE_HEAD);
    const written = Number(head.readBigUInt64LE(8));
    if (isLeaf(head) && written <= transaction) left.push({ number, transaction: written });
  }
  left.sort((a, b) => b.transaction - a.transaction);
  for (const { number } of left) {
    try {
      for (const { key, value } of readLeaf(file.read(number * pageSize, pageSize), number)) {
        const bytes = wholeValue(walk, value);
        if (bytes) yield [key, bytes];
      }
    } catch (error) {
      if (!(error instanceof DamagedPage)) throw error;
    }
  }
}

function wholeValue(walk: PageWalk, value: Parameters<PageWalk['valueOf']>[0]): Buffer | undefined {
  try {
    return walk.valueOf(value);
  } catch (error) {
    if (error instanceof DamagedPage) return undefined;
    throw error;
  }
}

/** Returns the key as it is in the checksum; undefined for invalid bytes. */
function recordKey(key: Buffer, kind: 'ordered' | 'binary' | undefined): RecordKey | undefined {
  if (kind === 'binary') return key;
  try {
    const known = bufferToKeyValue(key);
    const isKey = typeof known === 'string' || typeof known === 'number' || Array.isArray(known);
    return isKey ? (known as RecordKey) : undefined;
  } catch {
    return undefined;
  }
}

interface RawRecord {
  table: string;
  key: Buffer;
  value: Buffer;
}

/**
 * An environment with keys and records as bytes. Its writes are synchronous: an error of LMDB's
 * later writes would reach no caller.
 */
class RawEnvironment {
  readonly #folder: string;
  readonly #root: lmdb.RootDatabase;
  readonly #databases: Map<string, lmdb.Database<Buffer, Buffer>>;
  readonly #waiting = new Map<string, RawRecord>();

  constructor(folder: string, tables: EnvironmentOptions['tables']) {
    const names = Object.keys(tables);
    this.#folder = folder;
    prepareFolder(folder);
    this.#root = lmdb.open({
      path: folder,
      noSubdir: false,
      noSync: true,
      maxDbs: names.length + 2,
    });
    const how = { encoding: 'binary', keyEncoding: 'binary' } as const;
    this.#databases = new Map(
      names.map((name) => [name, this.#root.openDB<Buffer, Buffer>({ name, ...how })]),
    );
  }

  /** Returns false when the key already exists. Throws DataNotWritten. */
  put(table: string, key: Buffer, value: Buffer): boolean {
    const database = this.#databases.get(table);
    const id = `${table} ${key.toString('latin1')}`;
    if (!database || this.#waiting.has(id) || database.get(key) !== undefined) return false;
    this.#waiting.set(id, { table, key, value });
    if (this.#waiting.size >= MAX_WAITING) this.flush();
    return true;
  }

  /** Writes everything outstanding. Throws DataNotWritten. */
  flush(): void {
    try {
      this.#root.transactionSync(() => {
        for (const { table, key, value } of this.#waiting.values())
          this.#databases.get(table)?.putSync(key, value);
      });
    } catch (cause) {
      throw new DataNotWritten(this.#folder, cause);
    }
    this.#waiting.clear();
  }

  close(): Promise<void> {
    return this.#root.close();
  }
}
