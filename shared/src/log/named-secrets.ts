import { REDACTED } from './remembered.ts';
import { SECRET_NAME } from './secret-names.ts';

/**
 * The end of a name like a secret's, and what leads to its value: `?access_token=`, `"password":` (with
 * backslashes in JSON within JSON), `Cookie: `, `apiKey => `. Where the name begins does not matter. A name
 * with a remembered secret in it counts: `client_[redacted]=`, where the secret is the word `secret`.
 */
const NAMED = new RegExp(
  String.raw`(${SECRET_NAME}|\[redacted])([\w.-]{0,99})(\\*["'\x60])?\s{0,9}(=>|[:=](?!=))\s{0,9}`,
  'gi',
);
/** The user info of an address, which is meant for the service only. */
const USER_INFO = /((?:\\{0,3}\/){2})[^\s/"'`\\?#<>]{1,500}@/g;

const QUOTE = /(\\*)(["'`])/y;
const NUMBER = /-?\d[\w.+-]*/y;
/**
 * A word, up to the end of a parameter or of an item in a list. An encoded parameter may have `'`, `(` and
 * `)` in the middle.
 */
const WORD = /(?:[^\s"'`\\,;&{}[\]()<>]|['()]+(?=[\w%~.-]))+/y;
/** What follows a word that is a value on its own; several words are a sentence. */
const WORD_END = /[^\S\n\r]{0,9}(?:$|[\n\r,;&})\]"'`\\<])/y;
/** Up to a quote, unless it is one around a parameter's value: `sid="…"; next="…"`. */
const REST_OF_LINE = /(?:=\\*"[^"\\\n\r]*(?:\\*")?|[^\n\r"'`\\])+/y;
/** Headers whose value is everything that follows on the line. */
const HEADER = /^(?:authorization|cookie)$/i;
/** What may follow in a secret's name: `passw`ord, `token`s, `SECRET`_KEY; not `Credential`sError. */
const NAME_END = /^(?:or)?d?s?(?:[._-].*)?$/;

export interface HideOptions {
  /** True for a line of JSON: its own fields are left unchanged, and the texts in them are searched. */
  line: boolean;
}

/**
 * Returns `text` without the values that are named like secrets in it (in the query of an address or a
 * form, in JSON or another notation of objects, in headers) and without the user info of addresses. A line
 * of JSON stays one. A text without secrets costs a search for five characters.
 */
export function hideNamed(text: string, { line }: HideOptions): string {
  if (!mayName(text, line)) return text;
  const named = new Scan(text, line).run();
  return named.includes('@') ? named.replace(USER_INFO, `$1${REDACTED}@`) : named;
}

/** Whether a text, or a line of JSON, has what leads to a value or stands around one. */
export function mayName(text: string, line: boolean): boolean {
  return (
    text.includes('=') ||
    text.includes('@') ||
    text.includes(': ') ||
    text.includes("'") ||
    text.includes(line ? '\\"' : '"')
  );
}

interface Name {
  /** The part of the name that marks it as a secret's. */
  word: string;
  end: string;
  quote: string;
  sign: string;
}

interface Value {
  shown: string;
  /** Where the text continues. */
  end: number;
}

class Scan {
  readonly #text: string;
  readonly #line: boolean;
  /** End of the current sentence: a name that begins before it is not a secret's either. */
  #sentence = 0;
  /** The text up to the end of the current text in a line: no value continues after it. */
  #within: string;

  constructor(text: string, line: boolean) {
    this.#text = text;
    this.#line = line;
    this.#within = line ? '' : text;
  }

  run(): string {
    const text = this.#text;
    let shown = '';
    let from = 0;
    NAMED.lastIndex = 0;
    for (let found = NAMED.exec(text); found; found = NAMED.exec(text)) {
      const start = found.index + found[0].length;
      const [, word = '', end = '', quote = '', sign = ''] = found;
      // A field of the line itself.
      if (this.#line && isOfLine(quote)) continue;
      if (start > this.#within.length) this.#within = text.slice(0, endOfText(text, start));
      const value = this.#value(start, { word, end, quote, sign });
      if (!value) continue;
      shown += text.slice(from, start) + value.shown;
      from = value.end;
      NAMED.lastIndex = from;
    }
    return shown + text.slice(from);
  }

  #value(start: number, { quote, ...name }: Name): Value | undefined {
    const text = this.#within;
    const quoted = `${quote}${REDACTED}${quote}`;
    if (/[[{]/.test(text[start] ?? ''))
      return { shown: quoted, end: afterBrackets(text, start, this.#line) };
    const opened = at(QUOTE, text, start);
    if (opened)
      return {
        shown: `${opened[0]}${REDACTED}`,
        end: endOfQuoted(text, start, opened, this.#line),
      };
    const bare = quote === '' ? this.#bare(start, name) : at(NUMBER, text, start)?.[0];
    return bare ? { shown: quoted, end: start + bare.length } : undefined;
  }

  #bare(start: number, { word, end, sign }: Omit<Name, 'quote'>): string | undefined {
    const text = this.#within;
    if (sign === '=') return at(WORD, text, start)?.[0];
    if (HEADER.test(word) && end === '') return at(REST_OF_LINE, text, start)?.[0];
    if (!NAME_END.test(end) || start < this.#sentence) return undefined;
    const value = at(WORD, text, start)?.[0] ?? '';
    if (at(WORD_END, text, start + value.length)) return value;
    this.#sentence = start + value.length;
    return undefined;
  }
}

/**
 * Returns where the content of a quoted text ends. In JSON within JSON, its quotes have n backslashes in
 * front, and quotes inside it have more.
 */
function endOfQuoted(text: string, start: number, opened: RegExpExecArray, line: boolean): number {
  const [open, { length: outer } = '', quote = ''] = opened;
  const first = start + open.length;
  // A line of JSON doubles the backslashes, and has one more in front of its texts' double quotes only.
  const step = 2 * outer + (line && quote !== '"' ? 4 : 2);
  for (let end = text.indexOf(quote, first); end !== -1; end = text.indexOf(quote, end + 1)) {
    let run = end;
    while (run > first && text[run - 1] === '\\') run--;
    const more = end - run - outer;
    if (more >= 0 && more % step === 0) return end - outer;
    // The text was cut off: the quote of the text around it ends it.
    if (quote === '"' && end - run < outer) return run;
  }
  return text.length;
}

/** Returns the position after the bracket that closes the one at `start`, or the end of the text if it was cut off. */
function afterBrackets(text: string, start: number, line: boolean): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const opened = at(QUOTE, text, index);
    if (opened) {
      const end = endOfQuoted(text, index, opened, line);
      // No closing quote: the text was cut off.
      if (!at(QUOTE, text, end)) return end;
      index = end + opened[0].length - 1;
      continue;
    }
    const character = text[index];
    if (character === '{' || character === '[') depth++;
    if ((character === '}' || character === ']') && --depth === 0) return index + 1;
  }
  return text.length;
}

/** Whether a quote, with the backslashes in front, is one around a text of a line of JSON. */
function isOfLine(quote: string): boolean {
  return quote.endsWith('"') && quote.length % 2 === 1;
}

/** Returns where the text of a line of JSON that `index` is in ends: at its quote. */
function endOfText(line: string, index: number): number {
  for (let end = line.indexOf('"', index); end !== -1; end = line.indexOf('"', end + 1)) {
    let run = end;
    while (run > index && line[run - 1] === '\\') run--;
    if ((end - run) % 2 === 0) return end;
  }
  return line.length;
}

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text) ?? undefined;
}
