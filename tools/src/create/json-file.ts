import { CommandError } from '../command-line/command-error.ts';

/** Editors of some systems begin a file with a byte order mark. */
const MARK = '\ufeff';

/** Reads a JSON file that holds an object. Throws CommandError, naming the file, for anything else. */
export function readJson<Value extends object>(name: string, text: string): Value {
  try {
    const value: unknown = JSON.parse(text.replace(MARK, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Value;
  } catch (cause) {
    throw new CommandError(`${name} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  throw new CommandError(`${name} holds no object, as { "name": … } is one`);
}

/**
 * Changes a JSON text as a value; keeps indentation, line ends and the line break at the end. Throws as
 * readJson does.
 */
export function editJson<Value extends object>(
  name: string,
  text: string,
  edit: (value: Value) => Value,
): string {
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const before = readJson<Value>(name, text);
  const after = edit(structuredClone(before));
  // An unchanged value keeps its text.
  if (JSON.stringify(after) === JSON.stringify(before)) return text;
  const mark = text.startsWith(MARK) ? MARK : '';
  const lines = `${mark}${JSON.stringify(after, null, indent)}${text.endsWith('\n') ? '\n' : ''}`;
  return text.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines;
}
