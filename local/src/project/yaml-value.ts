import type { ScalarValue } from './yaml-tree.ts';

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

/** Returns the value of a text without quotes; undefined for what may be a number in an unusual form. */
export function plainValue(text: string): ScalarValue | undefined {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (NUMBER.test(text)) return Number(text);
  return LIKE_A_NUMBER.test(text) && !TEXT_OF_DIGITS.test(text) ? undefined : text;
}
