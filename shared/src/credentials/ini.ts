import { CredentialsError } from '../errors/errors.ts';

/**
 * Sections of an ini file, each its keys and values, white space around them dropped. `#` and `;`
 * begin a comment, on a line of its own or after a value; a value in quotes is what is between
 * them, and a comment may follow. So the official `@alicloud/credentials` reads it (by `ini` 1.3),
 * but that a comment after quotes leaves it the quotes as part of the value. Throws `InvalidFile`
 * with the line's number, and not its text, which may be a secret.
 */
export function parseIni(text: string, path: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n?|\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const name = /^\[([^\]]+)\]\s*(?:[#;].*)?$/.exec(line)?.[1]?.trim();
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const equals = line.indexOf('=');
    const value = readValue(line.slice(equals + 1).trim());
    if (!section || equals < 1) throw invalid(path, index, 'is neither [section] nor key = value');
    if (value === undefined) throw invalid(path, index, 'has a quote without its other one');
    section.set(line.slice(0, equals).trim(), value);
  }
  return sections;
}

function invalid(path: string, index: number, what: string): CredentialsError {
  return new CredentialsError(`${path}:${index + 1} ${what}`, {
    code: 'InvalidFile',
    remedy: 'correct the line',
  });
}

/** Without quotes and comment; undefined where quotes are not closed. */
function readValue(text: string): string | undefined {
  const quote = text.charAt(0);
  if (quote !== '"' && quote !== "'") return uncommented(text);
  const quoted = quote === '"' ? /^"((?:[^"\\]|\\.)*)"/ : /^'([^']*)'/;
  const [whole, content = ''] = quoted.exec(text) ?? [];
  if (whole === undefined || !/^\s*(?:[#;].*)?$/.test(text.slice(whole.length))) return undefined;
  return quote === '"' ? unescaped(content) : content;
}

/** In double quotes a backslash is JSON's. */
function unescaped(content: string): string {
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}

/** Up to the first `;` or `#` that has no backslash in front. */
function uncommented(text: string): string {
  const [value = ''] = /^(?:\\[\\;#]|[^;#])*/.exec(text) ?? [];
  return value.replace(/\\([\\;#])/g, '$1').trim();
}
