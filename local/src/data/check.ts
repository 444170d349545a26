import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import { type Meta, PageFile } from './page-file.ts';
import { PageWalk, type Problem, type WalkListener } from './page-walk.ts';

/** LMDB's own file in an environment's folder. */
export const DATA_FILE = 'data.mdb';
/**
 * Written once the environment has been created: from then on its data file is never missing or
 * empty.
 */
export const MADE_FILE = 'made';

/** Maximum number of problems that an error names; the repair lists all. */
const MAX_NAMED = 3;

/**
 * Checks the data file of an environment before LMDB opens it, as LMDB ends the process by a signal
 * on a damaged one: the file has its stated length, each page is in its place and of the right
 * kind, with its entries inside it and in order, no page is in use twice, and there are no tables
 * other than these. The contents of records are not checked: their checksums are for that. Throws
 * LocalCloudError (`DamagedData`) that names the file, the damage and the remedy.
 */
export function checkDataFile(folder: string, tables: Iterable<string>): void {
  const problems: Problem[] = [];
  withDataFile(folder, tables, { onProblem: (problem) => problems.push(problem) }, () => {});
  if (problems.length > 0) throw damaged(folder, problems);
}

/**
 * Returns whether this version has created or migrated the environment. An empty file does not
 * count: a full disk leaves one.
 */
export function wasMade(folder: string): boolean {
  const file = join(folder, MADE_FILE);
  return existsSync(file) && statSync(file).size > 0;
}

/** Opens, walks and closes the data file of an environment; `use` gets the walk, unless there is nothing to walk. */
export function withDataFile(
  folder: string,
  tables: Iterable<string>,
  listener: WalkListener,
  use: (walk: PageWalk, meta: Meta, file: PageFile) => void,
): void {
  const path = join(folder, DATA_FILE);
  const made = wasMade(folder);
  const problem = (text: string): void => listener.onProblem({ table: undefined, text });
  if (!existsSync(path)) {
    if (made) problem('the file is gone');
    return;
  }
  if (statSync(path).size === 0) {
    // A process killed while creating the file leaves it like this, with nothing in it yet.
    if (made) problem('the file has 0 bytes');
    return;
  }
  const file = new PageFile(path);
  try {
    if (!file.isKnown) return;
    const meta = latestMeta(file, problem);
    if (!meta) return;
    const walk = new PageWalk(file, meta, tables, listener);
    walk.run();
    use(walk, meta, file);
  } finally {
    file.close();
  }
}

/**
 * Returns the newer of the first two pages. Each transaction writes the other one, so they are
 * never more than one apart.
 */
function latestMeta(file: PageFile, problem: (text: string) => void): Meta | undefined {
  const first = file.meta(0, 0);
  const pageSizes = first ? [first.pageSize] : [4096, 8192, 16_384, 32_768, 65_536];
  const second = pageSizes.map((size) => file.meta(1, size)).find((meta) => meta !== undefined);
  if (!first && !second) problem('its first two pages are damaged: nothing says where the rest is');
  else if (!first) problem('its first page (from byte 0) is damaged');
  else if (!second) problem(`its second page (from byte ${first.pageSize}) is damaged`);
  else if (Math.abs(first.transaction - second.transaction) > 1)
    problem('its first two pages are of different times');
  if (!first || !second) return first ?? second;
  return second.transaction > first.transaction ? second : first;
}

/** Returns the error for an environment that cannot be used. */
export function damaged(folder: string, problems: readonly Problem[]): LocalCloudError {
  const named = problems.slice(0, MAX_NAMED).map(problemText).join('; ');
  const more = problems.length - MAX_NAMED;
  return new LocalCloudError(
    'DamagedData',
    `"${join(folder, DATA_FILE)}" is damaged: ${named}${more > 0 ? `; and ${more} more` : ''}`,
    'npx fc-local repair --data DIR saves what is readable into a new folder; or remove the data folder',
  );
}

export function problemText({ table, text }: Problem): string {
  return table === undefined ? text : `${table}: ${text}`;
}
