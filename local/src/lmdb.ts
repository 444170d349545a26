import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Key, open, type RootDatabase, type RootDatabaseOptions } from 'lmdb';
import { LocalCloudError } from './errors.ts';

/** LMDB's magic number as a file has it, and the part of the first page that holds it: where exactly depends on the build. */
const MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
const HEAD_BYTES = 40;

/**
 * Opens the LMDB environment in `folder`, made when it is not there. Throws LocalCloudError
 * (`CannotOpenData`) for a folder that cannot be used, and for a data file that is not LMDB's: LMDB
 * itself does not look, and ends the process on one.
 */
export function openLmdb<K extends Key>(
  folder: string,
  options: RootDatabaseOptions,
): RootDatabase<unknown, K> {
  if (!isLmdb(join(folder, 'data.mdb')))
    throw new LocalCloudError(
      'CannotOpenData',
      `"${join(folder, 'data.mdb')}" is not the data file of a local cloud`,
      'remove it, give another folder, or run in memory',
    );
  try {
    return open<unknown, K>({ ...options, path: folder, noSubdir: false });
  } catch (cause) {
    throw new LocalCloudError(
      'CannotOpenData',
      `Cannot open the data in "${folder}"`,
      'give a folder that can be written to, or run in memory',
      { cause },
    );
  }
}

/** True also for a file that is not there yet, or still empty. */
function isLmdb(file: string): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  let read: number;
  try {
    const descriptor = openSync(file, 'r');
    read = readSync(descriptor, head, 0, head.length, 0);
    closeSync(descriptor);
  } catch {
    return true; // absent, or unreadable: opening it says which
  }
  return read === 0 || head.includes(MAGIC);
}
