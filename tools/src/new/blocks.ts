/** Some lines of a text: `start` is the first one's index, `end` the index after the last. */
export interface Block {
  start: number;
  end: number;
}

const indentOf = (line: string) => line.length - line.trimStart().length;
const isBlank = (line: string) => line.trim() === '';
const isComment = (line: string) => line.trimStart().startsWith('#');

/**
 * The entry of a map or list in block style whose first line is `index`: that line, what is indented
 * under it, and the comment right above it. Comments and blank lines after it are the next one's.
 */
export function blockAt(lines: readonly string[], index: number): Block {
  const indent = indentOf(lines[index] ?? '');
  let start = index;
  while (start > 0 && isCommentAt(lines[start - 1] ?? '', indent)) start--;
  let end = index + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if (!isBlank(line) && !isComment(line) && indentOf(line) <= indent) break;
    end++;
  }
  while (end > index + 1 && (isBlank(lines[end - 1] ?? '') || isComment(lines[end - 1] ?? '')))
    end--;
  return { start, end };
}

/** Headings of several entries, `# --- Objects`, belong to none of them. */
function isCommentAt(line: string, indent: number): boolean {
  return isComment(line) && indentOf(line) === indent && !line.trimStart().startsWith('# ---');
}

/** Index of the line `source` names, `s.yaml:12`. */
export function indexOf(source: string): number {
  return Number(source.slice(source.lastIndexOf(':') + 1)) - 1;
}

/** The block and, where one stands before it, the blank line that sets it apart. */
export function withSpace(lines: readonly string[], block: Block): Block {
  const before = block.start > 0 && isBlank(lines[block.start - 1] ?? 'x');
  return before ? { start: block.start - 1, end: block.end } : block;
}
