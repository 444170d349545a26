import { HIDDEN, isSecretName, SECRET_NAME } from '../secrets.ts';

/**
 * A name like a secret's and what leads to its value: `"accessKeySecret":`, with backslashes where it
 * is JSON in JSON, `accessKeySecret: ` as Node prints objects, `'token' => `, `?token=`,
 * `Cookie: `. Its parts are bounded, and it begins where a word does, so that the time is linear in the text.
 */
const SECRET = new RegExp(
  String.raw`(?<![\w-])[\w-]{0,99}(?:${SECRET_NAME})[\w-]{0,99}(\\*["'\x60])?\s{0,99}(=>|:|=(?!=))\s{0,99}`,
  'gi',
);

/** The opening quote of a text, with the backslashes that JSON in JSON has in front of each. */
const QUOTE = /(\\*)(["'`])/y;
/** Names that say whose a secret is and until when, as the logs show them. */
const OPEN_NAME = /^(?:access[ _.-]?key[ _.-]?id|expir\w*)$/i;
/** Headers whose value is all that follows on the line. */
const WHOLE_LINE = /(?:authorization|cookie)[\s:]*$/i;
/** A value without quotes that is a text by itself: no word of a sentence, number or constant. */
const BARE =
  /(?!(?:-?[\d.]+|true|false|null|undefined)\b[^\w-])[^\s"'`\\,;&{}[\]()<>]+(?=\s{0,99}$|\s{0,99}[\n\r,;&})\]"'`\\<])/my;
const PARAMETER = /[^\s"'`\\,;&{}[\]()<>]+/y;
const REST_OF_LINE = /[^\n\r"'`\\]+/y;
const NAME_END = /\s{0,99}(?:=>|:)/y;
const BARE_NAME = /[\w$-]{1,200}/y;
const BACKSLASHES = /\\+/y;
/** The password in an address. */
const PASSWORD = /(\/\/[^/@\s:"'\\]{0,99}:)[^/@\s"'\\]{1,299}@/g;

/** A variable's value: hidden when it is named like a secret, without the secrets in it otherwise. */
export function shownVariable(name: string, value: string): string {
  return isSecretName(name) ? HIDDEN : withoutSecrets(value);
}

/** What a function took, gave or printed, without the texts that are named like secrets, also in lists and objects under such names, and without passwords in addresses. */
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
  return (shown + text.slice(from)).replace(PASSWORD, `$1${HIDDEN}@`);
}

/** A text that no one writes. */
const MARK = 'Hidden4Here';

/** Whether it is a text that a page showed, with HIDDEN in the place of a secret. */
export function isShownWithHidden(text: string): boolean {
  const marked = text.replaceAll(HIDDEN, MARK);
  return withoutSecrets(marked).split(MARK).length < marked.split(MARK).length;
}

interface Hidden {
  shown: string;
  /** Where the text goes on. */
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

/** Every text in a list or an object, at any depth; names stay, and what is under an open one. */
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

interface Quoted {
  /** The quote with its backslashes. */
  open: string;
  contentEnd: number;
  /** After the closing quote; the text's end where it is cut off. */
  end: number;
}

/** A quoted text. In JSON in JSON, n backslashes are in front of its quotes, 2n + 1 in front of a quote in it, and 2n + 2 are one of its own. */
function readQuoted(text: string, start: number): Quoted | undefined {
  const opened = match(QUOTE, text, start);
  if (!opened) return undefined;
  const [open, { length: outer } = '', quote = ''] = opened;
  for (
    let at = text.indexOf(quote, start + open.length);
    at !== -1;
    at = text.indexOf(quote, at + 1)
  ) {
    let run = at;
    while (run > start + open.length && text[run - 1] === '\\') run--;
    const more = at - run - outer;
    if (more >= 0 && more % (2 * outer + 2) === 0)
      return { open, contentEnd: at - outer, end: at + 1 };
  }
  return { open, contentEnd: text.length, end: text.length };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
