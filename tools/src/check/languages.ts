import { posix } from 'node:path';

/** Ending of a Chinese document's name, beside the English one. */
const CHINESE = '.zh-CN.md';

/** A part of a document that does not depend on its language: a heading, a command, a row of a table. */
interface Mark {
  /** Counted from 1. */
  line: number;
  what: string;
}

export interface Difference {
  /** Line of the Chinese document, counted from 1. */
  line: number;
  problem: string;
}

/** Returns the English document that belongs to a Chinese one; undefined for any other file. */
export function englishOf(path: string): string | undefined {
  return path.endsWith(CHINESE) ? `${path.slice(0, -CHINESE.length)}.md` : undefined;
}

/**
 * Returns where a Chinese document first differs from the English one: a missing or additional heading,
 * another command or sample, a missing or additional row of a table or one about something else, a link to
 * another document. Undefined when they agree. `english` and `chinese` are their paths, `texts` their
 * contents.
 */
export function firstDifference(
  english: string,
  chinese: string,
  texts: (path: string) => string,
): Difference | undefined {
  const ours = marksOf(texts(english));
  const theirs = marksOf(texts(chinese));
  const at = theirs.findIndex((mark, index) => mark.what !== ours[index]?.what);
  if (at < 0 && theirs.length >= ours.length) return undefined;
  const index = at < 0 ? theirs.length : at;
  const [own, other] = [theirs[index], ours[index]];
  const file = posix.basename(english);
  const line = own?.line ?? texts(chinese).trimEnd().split('\n').length;
  const has = own ? `has ${own.what}` : 'ends';
  const wanted = other ? `${file}:${other.line} has ${other.what}` : `${file} ends`;
  return { line, problem: `it ${has} where ${wanted}` };
}

const FENCE = /^ {0,3}(```+|~~~+)\s*(\S*)/;
/** Diagrams have their labels in the language of the page. */
const DRAWN = 'mermaid';

function marksOf(text: string): Mark[] {
  const marks: Mark[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [, fence, language = ''] = FENCE.exec(line) ?? [];
    if (fence === undefined) {
      const what = whatIn(line, lines[index - 1]);
      if (what !== undefined) marks.push({ line: index + 1, what });
      continue;
    }
    marks.push({ line: index + 1, what: `a block of ${language || 'text'}` });
    while (++index < lines.length && !lines[index]?.trimStart().startsWith(fence)) {
      const what = withoutComment(lines[index] ?? '');
      if (language !== DRAWN && what !== '') marks.push({ line: index + 1, what });
    }
  }
  return marks;
}

/** Returns the mark that a line outside code blocks makes, if it makes one. */
function whatIn(line: string, before: string | undefined): string | undefined {
  const [, level] = /^(#{1,6}) /.exec(line) ?? [];
  if (level) return [`a heading ${level}`, ...codeIn(line)].join(' ');
  if (!/^ *\|/.test(line)) return undefined;
  const cells = cellsOf(line);
  // The first line of a table is its head, in words of the language.
  if (!/^ *\|/.test(before ?? '')) return `a table of ${cells.length} columns`;
  return [`a row of ${cells.length} cells`, ...codeIn(cells[0] ?? '')].join(' ');
}

function cellsOf(row: string): string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/);
}

function codeIn(text: string): string[] {
  return text.match(/`[^`]+`/g) ?? [];
}

/** Returns a line of code without its comment, which is in the language of the page. */
function withoutComment(line: string): string {
  return line.replace(/(^|\s+)(#|\/\/) .*$/, '').trimEnd();
}
