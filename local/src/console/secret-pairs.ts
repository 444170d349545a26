import { HIDDEN, isSecretName, SECRET_NAME } from '../secrets.ts';
import { BARE_NAME, match, NAME_END, type Quoted, readQuoted } from './quoted.ts';

/** A text that is itself like a secret's name, and its quotes: `'cookie'`, `\"x-api-key\"`. */
const QUOTED_NAME = new RegExp(
  String.raw`(\\{0,63}["'\x60])([\w.-]{0,99}(?:${SECRET_NAME})[\w.-]{0,99})\1`,
  'gi',
);
/** The field of a pair that has the value, up to it. */
const VALUE = /(?<![\w-])value(?:\\{0,63}["'`])?\s{0,99}(?::|=>)\s{0,99}/gi;
/** The text before a name that is the value of a field. */
const NAME_FIELD = /(?:^|[^\w-])(?:name|key)(?:\\{0,63}["'`])?\s{0,99}(?::|=>)\s{0,99}$/i;
const NAME_OR_KEY = /^(?:name|key)$/i;
/** A comma, with line breaks as in nested JSON. */
const COMMA = /(?:\s|\\{1,63}[nrt]){0,99},(?:\s|\\{1,63}[nrt]){0,99}/y;
const BARE = /[^\s"'`\\,{}[\]()]{1,99}/y;
/** Maximum number of characters examined before a name, and of fields of a pair. */
const MAX_BEFORE = 400;
const MAX_FIELDS = 8;

/**
 * Returns a text without the values of pairs whose name is like a secret's: `{ name: 'cookie',
 * value: '…' }` in either order and with other fields between, and alternating names and values as
 * in `rawHeaders`.
 */
export function withoutPairs(text: string): string {
  const places = [...afterNames(text), ...besideNames(text)].sort((a, b) => a.from - b.from);
  let shown = '';
  let at = 0;
  for (const { from, to } of places) {
    if (from < at) continue;
    shown += text.slice(at, from) + HIDDEN;
    at = to;
  }
  return shown + text.slice(at);
}

/** A value to hide, without its quotes. */
interface Place {
  from: number;
  to: number;
}

/**
 * Yields the values that follow a secret's name: next in a list, or in a later field of the object.
 */
function* afterNames(text: string): Generator<Place> {
  for (const found of text.matchAll(QUOTED_NAME)) {
    const end = found.index + found[0].length;
    const isField = NAME_FIELD.test(text.slice(Math.max(0, found.index - MAX_BEFORE), found.index));
    if (isField) {
      for (const { name, value } of fieldsAfter(text, end))
        if (/^value$/i.test(name) && value) yield placeOf(value);
      continue;
    }
    const [comma] = match(COMMA, text, end) ?? [];
    const next = comma === undefined ? undefined : readQuoted(text, end + comma.length);
    // A field's name is no value: its object ended with the text before.
    if (next && !match(NAME_END, text, next.end)) yield placeOf(next);
  }
}

/** Yields the values of fields `value` that a secret's name follows. */
function* besideNames(text: string): Generator<Place> {
  for (const found of text.matchAll(VALUE)) {
    const value = readQuoted(text, found.index + found[0].length);
    if (!value) continue;
    for (const field of fieldsAfter(text, value.end)) {
      const { name, value: named } = field;
      if (named && NAME_OR_KEY.test(name) && isSecretName(contentOf(named, text)))
        yield placeOf(value);
    }
  }
}

/**
 * Yields the fields that follow in the same object, as far as their values are texts, numbers and
 * words.
 */
function* fieldsAfter(text: string, start: number): Generator<{ name: string; value?: Quoted }> {
  let at = start;
  for (let n = 0; n < MAX_FIELDS; n++) {
    const [comma] = match(COMMA, text, at) ?? [];
    if (comma === undefined) return;
    at += comma.length;
    const quoted = readQuoted(text, at);
    const name = quoted ? contentOf(quoted, text) : (match(BARE_NAME, text, at)?.[0] ?? '');
    at = quoted ? quoted.end : at + name.length;
    const [sign] = match(NAME_END, text, at) ?? [];
    if (sign === undefined) return;
    at += sign.length;
    at += match(/\s{0,99}/y, text, at)?.[0].length ?? 0;
    const value = readQuoted(text, at);
    yield value ? { name, value } : { name };
    const [bare = ''] = value ? [] : (match(BARE, text, at) ?? []);
    at = value ? value.end : at + bare.length;
  }
}

function contentOf({ open, contentEnd, start }: Quoted, text: string): string {
  return text.slice(start + open.length, contentEnd);
}

function placeOf({ open, contentEnd, start }: Quoted): Place {
  return { from: start + open.length, to: contentEnd };
}
