import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import type { Files } from './files.ts';

/** What happens to one file. */
export interface Change {
  path: string;
  /** Absent if there is no such file. */
  before?: string;
  after?: string;
}

/** Returns what differs between the present project and the wanted one. */
export function changesOf(before: Files, after: Files): Change[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.flatMap((path) => {
    const [old, wanted] = [before.get(path), after.get(path)];
    if (old === wanted) return [];
    return [
      {
        path,
        ...(old !== undefined && { before: old }),
        ...(wanted !== undefined && { after: wanted }),
      },
    ];
  });
}

/**
 * Writes the changes; a folder that becomes empty is removed with its last file. Throws CommandError,
 * before anything is written, for a file that has changed since it was read.
 */
export function writeChanges(root: string, changes: readonly Change[]): void {
  for (const { path, before } of changes) {
    const file = join(root, path);
    const present = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (present !== before)
      throw new CommandError(
        `${path} is there already, with another content; move it away and try again`,
      );
  }
  for (const { path, after } of changes) {
    const file = join(root, path);
    if (after !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, after);
      continue;
    }
    rmSync(file);
    for (
      let folder = dirname(file);
      folder !== root && readdirSync(folder).length === 0;
      folder = dirname(folder)
    )
      rmdirSync(folder);
  }
}

const verb = ({ before, after }: Change) =>
  before === undefined ? 'created' : after === undefined ? 'removed' : 'edited';

/** Formats the changes for a person: each file, and with `whole` the lines of edited ones with + and -. */
export function formatChanges(changes: readonly Change[], whole: boolean): string {
  return changes
    .map((change) => {
      const head = `${verb(change).padEnd(8)} ${change.path}`;
      if (!whole || change.after === undefined) return head;
      if (change.before === undefined) return `${head}  (${lines(change.after)})`;
      return [
        head,
        ...hunks(change.path, change.before.split('\n'), change.after.split('\n')),
      ].join('\n');
    })
    .join('\n');
}

function lines(text: string): string {
  const count = text.split('\n').length - 1;
  return count === 1 ? '1 line' : `${count} lines`;
}

/**
 * Returns the runs of lines that only one of two texts has. Equal lines are searched only a little ahead:
 * entries are added and removed, not moved.
 */
function hunks(path: string, old: readonly string[], wanted: readonly string[]): string[] {
  const out: string[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < wanted.length) {
    if (a < old.length && old[a] === wanted[b]) {
      a++;
      b++;
      continue;
    }
    const [endA, endB] = nextSame(old, a, wanted, b);
    out.push(`  ${path}:${a + 1}`);
    for (; a < endA; a++) out.push(`  - ${old[a]}`.trimEnd());
    for (; b < endB; b++) out.push(`  + ${wanted[b]}`.trimEnd());
  }
  return out;
}

/** Consecutive equal lines that end a hunk. */
const SAME_LINES = 3;

function nextSame(
  old: readonly string[],
  a: number,
  wanted: readonly string[],
  b: number,
): [number, number] {
  const most = old.length - a + wanted.length - b;
  for (let more = 1; more <= most; more++) {
    if (isSame(old, a, wanted, b + more)) return [a, b + more];
    if (isSame(old, a + more, wanted, b)) return [a + more, b];
  }
  for (let sum = 2; sum <= most; sum++)
    for (let more = 1; more < sum; more++)
      if (isSame(old, a + more, wanted, b + sum - more)) return [a + more, b + sum - more];
  return [old.length, wanted.length];
}

function isSame(old: readonly string[], a: number, wanted: readonly string[], b: number): boolean {
  if (a > old.length || b > wanted.length) return false;
  for (let index = 0; index < SAME_LINES; index++)
    if (old[a + index] !== wanted[b + index]) return false;
  return true;
}
