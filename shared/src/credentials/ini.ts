import { CredentialsError } from '../errors/errors.ts';

/** Sections of an ini file, each its keys and values, white space around them dropped. `#` and `;` begin a comment line. Throws `InvalidFile` with the line's number, and not its text, which may be a secret. */
export function parseIni(text: string, path: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const name = /^\[([^\]]+)\]$/.exec(line)?.[1]?.trim();
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const equals = line.indexOf('=');
    if (!section || equals < 1)
      throw new CredentialsError(`${path}:${index + 1} is neither [section] nor key = value`, {
        code: 'InvalidFile',
        remedy: 'correct the line',
      });
    section.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return sections;
}
