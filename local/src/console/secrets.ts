import { HIDDEN, isSecretName, SECRET_NAME } from '../secrets.ts';
import { BARE_NAME, match, NAME_END, readQuoted } from './quoted.ts';
import { withoutPairs } from './secret-pairs.ts';

/**
 * A name like a secret's up to its value: `"accessKeySecret":`, with backslashes in nested JSON,
 * `accessKeySecret: ` as Node prints objects, `'token' => `, `?token=`, `Cookie: `. Its parts are
 * bounded, and it begins at a word, so that the time is linear in the text.
 */
const SECRET = new RegExp(
  String.raw`(?<![\w-])[\w-]{0,99}(?:${SECRET_NAME})[\w-]{0,99}(\\*["'\x60])?\s{0,99}(=>|:|=(?!=))\s{0,99}`,
  'gi',
);

/** Names that identify a secret's owner or its expiry, which logs show. */
const OPEN_NAME = /^(?:access[ _.-]?key[ _.-]?id|expir\w*)$/i;
/** Headers whose value is the rest of the line. */
const WHOLE_LINE = /(?:authorization|cookie)[\s:]*$/i;
/** An unquoted value that is a text by itself: no word of a sentence, number or constant. */
const BARE =
  /(?!(?:-?[\d.]+|true|false|null|undefined)\b[^\w-])[^\s"'`\\,;&{}[\]()<>]+(?=\s{0,99}$|\s{0,99}[\n\r,;&})\]"'`\\<])/my;
const PARAMETER = /[^\s"'`\\,;&{}[\]()<>]+/y;
const REST_OF_LINE = /[^\n\r"'`\\]+/y;
const BACKSLASHES = /\\+/y;
/** The password in an address. */
const PASSWORD = /(\/\/[^/@\s:"'\\]{0,99}:)[^/@\s"'\\]{1,299}@/g;

/**
 * Returns a variable's value: hidden when it is named like a secret, otherwise without the secrets
 * in it.
 */
export function shownVariable(name: string, value: string): string {
  return isSecretName(name) ? HIDDEN : withoutSecrets(value);
}

/**
 * Returns a function's event, answer or line without the texts that are named like secrets, also in
 * lists and objects under such names, and without passwords in addresses.
 */
export function withoutSecrets(text: string): string {
  let shown = '';
  let from = 0;
  SECRET.lastIndex = 0;
  for (;;) {
    const found = SECRET.exec(text);
    if (!found) break;
    const [{ length }, quote, sign] = found;
    const start = found.index + length;
    const hidden = hide(text, start, {
      named: quote !== undefined,
      parameter: sign === '=',
      line: quote === undefined && WHOLE_LINE.test(found[0]),
    });
    if (!hidden) continue;
    shown += text.slice(from, start) + hidden.shown;
    from = hidden.end;
    SECRET.lastIndex = Math.max(hidden.end, start);
  }
  return withoutPairs(shown + text.slice(from)).replace(PASSWORD, `$1${HIDDEN}@`);
}

/** A text that does not occur otherwise. */
const MARK = 'Hidden4Here';

/** Returns whether a page showed the text, with HIDDEN in place of a secret. */
export function isShownWithHidden(text: string): boolean {
  const marked = text.replaceAll(HIDDEN, MARK);
  return withoutSecrets(marked).split(MARK).length < marked.split(MARK).length;
}

interface Hidden {
  shown: string;
  /** Position at which the text continues. */
  end: number;
}

interface Place {
  named: boolean;
  parameter: boolean;
  line: boolean;
}

function hide(text: string, start: number, { named, parameter, line }: Place): Hidden | undefined {
  if (/[[{]/.test(text[start] ?? '')) return hideInside(text, start);
  const quoted = readQuoted(text, start);
  if (quoted) return { shown: `${quoted.open}${HIDDEN}`, end: quoted.contentEnd };
  const pattern = line ? REST_OF_LINE : parameter ? PARAMETER : BARE;
  const bare = named ? undefined : match(pattern, text, start);
  return bare && { shown: HIDDEN, end: start + bare[0].length };
}

/**
 * Hides every text in a list or an object, at any depth; names stay, and values under an open name.
 */
function hideInside(text: string, start: number): Hidden {
  let shown = '';
  let depth = 0;
  let name = '';
  let at = start;
  while (at < text.length) {
    const char = text[at] ?? '';
    const quoted = readQuoted(text, at);
    if (quoted) {
      const content = text.slice(at + quoted.open.length, quoted.contentEnd);
      const isName = match(NAME_END, text, quoted.end) !== undefined;
      if (isName) name = content;
      const isShown = isName || OPEN_NAME.test(name);
      const close = text.slice(quoted.contentEnd, quoted.end);
      shown += `${quoted.open}${isShown ? content : HIDDEN}${close}`;
      at = quoted.end;
      continue;
    }
    const [word] = match(BARE_NAME, text, at) ?? [];
    if (word !== undefined) {
      if (match(NAME_END, text, at + word.length)) name = word;
      shown += word;
      at += word.length;
      continue;
    }
    const [run = char] = match(BACKSLASHES, text, at) ?? [];
    shown += run;
    at += run.length;
    if (char === ',') name = '';
    if (/[[{]/.test(char)) depth++;
    if (/[\]}]/.test(char) && --depth === 0) break;
  }
  return { shown, end: at };
}
