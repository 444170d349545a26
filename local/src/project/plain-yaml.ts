import { NotPlain } from './plain-yaml/not-plain.ts';
import { PlainReader } from './plain-yaml/reader.ts';
import type { Mapping } from './yaml-tree.ts';

/** Tabs, other control characters, and those that begin a line or a file for some readers only. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: YAML gives them meanings of their own.
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/**
 * Reads a YAML text of the forms that almost every s.yaml and template consist of: block maps and
 * lists, values on one line, `|` and `>` blocks, tags in front of a value. Returns undefined for
 * all else, wrong texts too: the package `yaml` knows what they mean or what is wrong with them.
 * What is returned is what that package reads.
 */
export function readPlainYaml(
  text: string,
  file: string,
  anyShortForm: boolean,
): Mapping | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return new PlainReader(text, file, anyShortForm).read();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}
