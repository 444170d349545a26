import { quoted, toJson } from './message.ts';
import { redactFields } from './redact.ts';
import { isSecretName } from './secret-names.ts';

/** Bounds of the cache: names may come from outside. */
const MAX_NAMES = 500;
const MAX_NAME_LENGTH = 100;
/** The beginning of a field by its name; undefined for a name that says something about a value. */
const beginnings = new Map<string, string | undefined>();

/**
 * Writes fields as they appear in a line, after a comma. Secrets are hidden by their names, and an error is
 * described, whatever the name of its field.
 */
export function written(fields: object): string {
  return flatFields(fields) ?? anyFields(fields);
}

/**
 * Writes the fields of a plain object of texts, numbers and the like, none of them named like a secret, as
 * anyFields does, in a third of the time. Returns undefined for any other.
 */
export function flatFields(fields: object): string | undefined {
  try {
    if (Object.getPrototypeOf(fields) !== Object.prototype || 'toJSON' in fields) return undefined;
    let flat = '';
    for (const name of Object.keys(fields)) {
      const value = flatValue((fields as Record<string, unknown>)[name]);
      if (value === undefined) continue;
      const beginning = beginningOf(name);
      if (value === '' || beginning === undefined) return undefined;
      flat += beginning + value;
    }
    return flat;
  } catch {
    return undefined; // a getter or a Proxy that throws
  }
}

/** Writes texts under names that are not like secrets', as they appear in a line. */
export function texts(fields: Readonly<Record<string, string | undefined>>): string {
  let all = '';
  for (const name of Object.keys(fields)) {
    const text = fields[name];
    if (text !== undefined) all += `${beginningOf(name) ?? `,${quoted(name)}:`}${quoted(text)}`;
  }
  return all;
}

/** Writes the fields of any object. */
export function anyFields(fields: object): string {
  const clean = redactFields(fields);
  const named = Array.isArray(clean) ? { ...clean } : clean;
  const json = toJson(named) ?? '{}';
  if (json === '{}') return '';
  // A value with its own toJSON may not become an object.
  return json.startsWith('{') ? `,${json.slice(1, -1)}` : `,"value":${json}`;
}

/** Returns undefined for a value that a line leaves out, and '' for one that is not written here. */
function flatValue(value: unknown): string | undefined {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean' || value === null) return String(value);
  return value === undefined ? undefined : '';
}

function beginningOf(name: string): string | undefined {
  if (beginnings.has(name)) return beginnings.get(name);
  const beginning = newBeginning(name);
  if (name.length > MAX_NAME_LENGTH) return beginning;
  if (beginnings.size >= MAX_NAMES) beginnings.clear();
  beginnings.set(name, beginning);
  return beginning;
}

function newBeginning(name: string): string | undefined {
  const speaks = isSecretName(name) || /^(?:name|key)$/i.test(name);
  return speaks ? undefined : `,${quoted(name)}:`;
}
