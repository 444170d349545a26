import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import { LocalCloudError } from '../errors.ts';
import { MADE_FILE, wasMade } from './check.ts';
import type { Problem } from './page-walk.ts';
import { hasChecksum, keyText, tableChecksum, writeRecord } from './record.ts';
import type { EnvironmentKey, Tables } from './tables.ts';

/**
 * 2: records with checksums. Older folders have no such file, and are migrated when they are
 * opened.
 */
const FORMAT = '2';

/**
 * Rewrites the records of an older version, values of MessagePack without a checksum, in the
 * current form.
 */
export function migrate(
  root: RootDatabase,
  databases: ReadonlyMap<string, Database<Buffer, EnvironmentKey>>,
  tables: Tables,
  onUnreadable: (problem: Problem) => void,
): void {
  for (const [name, database] of databases) {
    const old: EnvironmentKey[] = [];
    for (const { key, value } of database.getRange()) if (!hasChecksum(value)) old.push(key);
    if (old.length === 0) continue;
    const keyEncoding = tables[name] === 'binary' ? ({ keyEncoding: 'binary' } as const) : {};
    const before = root.openDB<unknown, EnvironmentKey>({ name, ...keyEncoding });
    const checksum = tableChecksum(name);
    root.transactionSync(() => {
      for (const key of old) {
        const value = readOld(before, key, name, onUnreadable);
        if (value === undefined) database.removeSync(key);
        else database.putSync(key, writeRecord(checksum, key as never, value));
      }
    });
  }
}

function readOld(
  before: Database<unknown, EnvironmentKey>,
  key: EnvironmentKey,
  table: string,
  onUnreadable: (problem: Problem) => void,
): unknown {
  try {
    return before.get(key);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const text = `The record under ${keyText(key as never)} is damaged (${why})`;
    onUnreadable({ table, text });
    return undefined;
  }
}

/**
 * Returns the format of an existing folder; undefined for a new one, and for one of an older
 * version.
 */
export function formatOf(folder: string): string | undefined {
  if (!wasMade(folder)) return undefined;
  const format = readFileSync(join(folder, MADE_FILE), 'utf8').trim();
  if (format === FORMAT) return format;
  throw new LocalCloudError(
    'OtherDataFormat',
    `The data in "${folder}" has format ${JSON.stringify(format)}, not ${FORMAT}`,
    'remove the folder, or run the version that wrote it',
  );
}

/**
 * Writes the format in one step: a full disk, or a kill, might otherwise leave an empty file, which
 * is no format.
 */
export function writeFormat(folder: string): void {
  const file = join(folder, MADE_FILE);
  writeFileSync(`${file}.new`, FORMAT);
  renameSync(`${file}.new`, file);
}
