import { NotPlain } from './not-plain.ts';

export interface BlockText {
  text: string;
  /** Index of the first line after it. */
  next: number;
}

/**
 * Reads the lines of a `|` or `>` block, which begin at index `from` and are indented by more than
 * `parent`.
 */
export function blockText(
  lines: readonly string[],
  from: number,
  parent: number,
  header: string,
): BlockText {
  const { kept, next } = linesOf(lines, from, parent);
  const text = header.startsWith('|') ? kept.join('\n') : folded(kept);
  return { text: header.endsWith('-') ? text : `${text}\n`, next };
}

function linesOf(lines: readonly string[], from: number, parent: number) {
  const width = indentOf(lines[from] ?? '');
  if (width === undefined || width <= parent) throw new NotPlain();
  const kept: string[] = [];
  let next = from;
  for (; ; next++) {
    const line = lines[next];
    // The last line has to end, too: without that, the text is another.
    if (line === undefined) throw new NotPlain();
    const indent = indentOf(line);
    if (indent === undefined) {
      if (next === lines.length - 1 && line === '') break;
      if (line.length > width) throw new NotPlain();
      kept.push('');
    } else if (indent < width) {
      if (indent > parent) throw new NotPlain();
      break;
    } else kept.push(line.slice(width));
  }
  while (kept.at(-1) === '') kept.pop();
  return { kept, next };
}

/** Makes one line of those between empty ones. */
function folded(lines: readonly string[]): string {
  let text = '';
  let empty = 0;
  for (const line of lines) {
    if (line.startsWith(' ') || line.endsWith(' ')) throw new NotPlain();
    if (line === '') {
      empty++;
      continue;
    }
    if (text !== '') text += empty > 0 ? '\n'.repeat(empty) : ' ';
    text += line;
    empty = 0;
  }
  return text;
}

/** Returns the number of spaces at a line's beginning; undefined if there is nothing else in it. */
function indentOf(line: string): number | undefined {
  const indent = line.search(/[^ ]/);
  return indent < 0 ? undefined : indent;
}
