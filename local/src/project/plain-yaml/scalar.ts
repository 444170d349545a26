import type { ScalarValue } from '../yaml-tree.ts';
import { NotPlain } from './not-plain.ts';

const WORDS = new Map<string, ScalarValue>([
  ...['null', 'Null', 'NULL', '~'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** Numbers whose value is beyond doubt. */
const NUMBER = /^(?:0|-?[1-9]\d{0,14}|-?\d{1,8}\.\d{1,6})$/;

/** Whatever else YAML 1.2 takes for a number, and more. */
const LIKE_A_NUMBER = /^[-+]?(?:\.?\d[\d._+eE-]*|0[xo][\da-fA-F]+|\.(?:inf|nan))$/i;

/** Dates, times and versions look like numbers to that, and are texts. */
const TEXT_OF_DIGITS = /^\d+(?:-\d+-\d+|\.\d+\.\d+)$/;

/** Returns the value of a text without quotes. */
export function plainValue(text: string): ScalarValue {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (NUMBER.test(text)) return Number(text);
  if (LIKE_A_NUMBER.test(text) && !TEXT_OF_DIGITS.test(text)) throw new NotPlain();
  return text;
}

const DOUBLE_QUOTED = /"(?:[^"\\]|\\["\\/bfnrt])*"/y;
const SINGLE_QUOTED = /'(?:[^']|'')*'/y;

/** Returns the text in the quotes that open at `at`, and where it ends. */
export function quotedText(line: string, at: number): { text: string; end: number } {
  const quoted = line[at] === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED;
  quoted.lastIndex = at;
  const [found] = quoted.exec(line) ?? [];
  if (found === undefined) throw new NotPlain();
  const text =
    quoted === DOUBLE_QUOTED
      ? (JSON.parse(found) as string)
      : found.slice(1, -1).replaceAll("''", "'");
  return { text, end: at + found.length };
}

export function isQuote(char: string | undefined): boolean {
  return char === '"' || char === "'";
}

/** Returns the first position from `at` that is no space. */
export function skipSpaces(line: string, at: number): number {
  let next = at;
  while (line[next] === ' ') next++;
  return next;
}

const NOTHING_MORE = / *$| +#/y;

/** Whether only spaces and a comment follow. */
export function endsAt(line: string, at: number): boolean {
  NOTHING_MORE.lastIndex = at;
  return NOTHING_MORE.test(line);
}
