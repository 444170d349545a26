import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Block } from './blocks.ts';

/** Lines put into a text at an index of the text as it was, or taken out of it. */
export type LineEdit = { at: number; insert: string[] } | { cut: Block };

/** What becomes of one file. */
export type Change =
  | { path: string; kind: 'created'; text: string }
  | { path: string; kind: 'removed' }
  | { path: string; kind: 'edited'; before: string; edits: LineEdit[] };

const placeOf = (edit: LineEdit) => ('cut' in edit ? edit.cut.start : edit.at);

/** The text with its edits; the order they are given in does not matter. */
export function applyEdits(text: string, edits: readonly LineEdit[]): string {
  const lines = text.split('\n');
  for (const edit of edits.toSorted((a, b) => placeOf(b) - placeOf(a)))
    if ('cut' in edit) lines.splice(edit.cut.start, edit.cut.end - edit.cut.start);
    else lines.splice(edit.at, 0, ...edit.insert);
  return lines.join('\n');
}

/** Whether a change does anything: a file that is not there, or has no such place, gets no edits. */
export function isChange(change: Change): boolean {
  return change.kind !== 'edited' || change.edits.length > 0;
}

/** Writes the changes; folders left empty go with their last file. */
export function writeChanges(root: string, changes: readonly Change[]): void {
  for (const change of changes) {
    const file = join(root, change.path);
    if (change.kind === 'removed') {
      rmSync(file);
      if (readdirSync(dirname(file)).length === 0) rmdirSync(dirname(file));
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    const text = change.kind === 'created' ? change.text : applyEdits(change.before, change.edits);
    writeFileSync(file, text);
  }
}

/** The changes for a person: each file, and of an edited one its lines with + and -. */
export function formatChanges(changes: readonly Change[], whole: boolean): string {
  return changes.map((change) => formatChange(change, whole)).join('\n');
}

function formatChange(change: Change, whole: boolean): string {
  const head = `${change.kind.padEnd(8)} ${change.path}`;
  if (!whole || change.kind === 'removed') return head;
  if (change.kind === 'created') return `${head}  (${change.text.split('\n').length - 1} lines)`;
  const lines = change.before.split('\n');
  const hunks = change.edits
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((edit) => {
      const [sign, shown] =
        'cut' in edit ? ['-', lines.slice(edit.cut.start, edit.cut.end)] : ['+', edit.insert];
      const body = shown.map((line) => `  ${sign} ${line}`.trimEnd()).join('\n');
      return `  ${change.path}:${placeOf(edit) + 1}\n${body}`;
    });
  return [head, ...hunks].join('\n');
}
