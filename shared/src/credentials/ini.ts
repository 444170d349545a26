import { CredentialsError } from '../errors/errors.ts';

/**
 * Parses the sections of an ini file into keys and values without white space around them. `#` and `;`
 * begin a comment, on their own line or after a value; of a value in quotes only what is between them
 * counts, and a comment may follow. The official `@alicloud/credentials` reads it the same way (by `ini`
 * 1.3), except that it keeps the quotes of a value followed by a comment. Throws `InvalidFile` with the
 * line's number, not its text, which may be a secret.
 */
export function parseIni(text: string, path: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const [index, raw] of text.split(/\r\n?|\n/).entries()) {
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

/** Returns a value without quotes and comment; undefined if quotes are not closed. */
function readValue(text: string): string | undefined {
  const quote = text.charAt(0);
  if (quote !== '"' && quote !== "'") return uncommented(text);
  const quoted = quote === '"' ? /^"((?:[^"\\]|\\.)*)"/ : /^'([^']*)'/;
  const [whole, content = ''] = quoted.exec(text) ?? [];
  if (whole === undefined || !/^\s*(?:[#;].*)?$/.test(text.slice(whole.length))) return undefined;
  return quote === '"' ? unescaped(content) : content;
}

/** Inside double quotes a backslash escapes as in JSON. */
function unescaped(content: string): string {
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}

/** Returns the text up to the first `;` or `#` without a backslash in front. */
function uncommented(text: string): string {
  const [value = ''] = /^(?:\\[\\;#]|[^;#])*/.exec(text) ?? [];
  return value.replace(/\\([\\;#])/g, '$1').trim();
}
