import { constants, existsSync, statSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { DATA_FILE, MADE_FILE, problemText } from '../data/check.ts';
import { isFullDisk } from '../data/not-written.ts';
import { type Repaired, repairEnvironment } from '../data/repair.ts';
import { holdDataFolder } from '../data-folder.ts';
import { LocalCloudError } from '../errors.ts';
import { FC_TABLES } from '../fc/async/store/lmdb.ts';
import { OSS_TABLES } from '../oss/store/lmdb.ts';
import { SMQ_TABLES } from '../smq/store/lmdb.ts';
import { checkContents } from './contents.ts';

/** The environments of a data folder, by their folders in it. */
const ENVIRONMENTS = { smq: SMQ_TABLES, 'oss/index': OSS_TABLES, fc: FC_TABLES } as const;
/** Files that only a running cloud has. */
const OF_A_CLOUD = new Set(['lock', 'addresses.json']);
/** Files of an environment, written when it is opened. */
const OF_AN_ENVIRONMENT = new Set([DATA_FILE, 'lock.mdb', MADE_FILE]);

/** The result of saving a data folder. */
export interface RepairReport {
  /** One line each for what is damaged, or could not be saved; empty when nothing is damaged. */
  problems: string[];
  /** Number of saved records of each table: `smq messages: 12 of 13`. */
  saved: string[];
}

/**
 * Saves what is readable of the data folder `from` to the new folder `to`. `from` is not changed.
 * Throws LocalCloudError when there is no such folder, a cloud runs on it, or `to` is in it,
 * already exists, or cannot be written to; what has been saved by then stays in it.
 */
export async function repairDataFolder(from: string, to: string): Promise<RepairReport> {
  if (!existsSync(from))
    throw new LocalCloudError('NoDataFolder', `"${from}" does not exist`, 'give the data folder');
  await checkNew(from, to);
  const held = await holdDataFolder(from);
  try {
    await mkdir(to, { recursive: true });
    await copyFiles(from, to);
    const report: RepairReport = { problems: [], saved: [] };
    for (const [name, tables] of Object.entries(ENVIRONMENTS)) {
      if (!existsSync(join(from, name))) continue;
      add(report, name, await repairEnvironment(join(from, name), join(to, name), tables));
    }
    if (existsSync(join(to, 'oss/index')))
      for (const problem of await checkContents(join(to, 'oss')))
        report.problems.push(`oss: ${problem}`);
    return report;
  } catch (cause) {
    throw notSaved(from, to, cause);
  } finally {
    await held.close();
  }
}

/**
 * Converts an error of the file system to an error of this command; returns any other unchanged.
 */
function notSaved(from: string, to: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  const reason = isFullDisk(cause) ? 'the disk is full' : cause.message;
  return new LocalCloudError(
    'NotSaved',
    `Not everything in "${from}" can be saved to "${to}": ${reason}`,
    'remove the new folder, and make room on its disk or give one elsewhere with --to',
    { cause },
  );
}

async function checkNew(from: string, to: string): Promise<void> {
  const remedy = 'give a new folder';
  const way = relative(from, to);
  if (way !== '' && way.split(sep)[0] !== '..')
    throw new LocalCloudError('FolderInside', `"${to}" is in the data folder "${from}"`, remedy);
  if (!existsSync(to)) return;
  if (!statSync(to).isDirectory())
    throw new LocalCloudError('NotAFolder', `"${to}" is a file`, remedy);
  if ((await readdir(to)).length > 0)
    throw new LocalCloudError('FolderNotEmpty', `"${to}" is not empty`, remedy);
}

function add(report: RepairReport, name: string, { problems, tables }: Repaired): void {
  for (const problem of problems) report.problems.push(`${name}: ${problemText(problem)}`);
  for (const [table, { saved, of }] of tables)
    if (saved > 0 || (of ?? 0) > 0) {
      const all = of === undefined ? 'of an unknown number' : `of ${of}`;
      report.saved.push(`${name} ${table}: ${saved} ${all}`);
    }
}

/** Copies everything but the environments' own files. */
async function copyFiles(from: string, to: string): Promise<void> {
  const left = new Set([...OF_A_CLOUD].map((name) => join(from, name)));
  for (const environment of Object.keys(ENVIRONMENTS))
    for (const name of OF_AN_ENVIRONMENT) left.add(join(from, environment, name));
  await cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !left.has(path),
  });
}
