/** The opening quote of a text, with the backslashes that JSON in JSON has in front of each. */
const QUOTE = /(\\*)(["'`])/y;

/** What makes a name of the text before it. */
export const NAME_END = /\s{0,99}(?:=>|:)/y;
/** A name without quotes. */
export const BARE_NAME = /[\w$-]{1,200}/y;

export interface Quoted {
  /** Where it begins, with its quote. */
  start: number;
  /** The quote with its backslashes. */
  open: string;
  contentEnd: number;
  /** After the closing quote; the text's end where it is cut off. */
  end: number;
}

/** A quoted text. In JSON in JSON, n backslashes are in front of its quotes, 2n + 1 in front of a quote in it, and 2n + 2 are one of its own. */
export function readQuoted(text: string, start: number): Quoted | undefined {
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
      return { start, open, contentEnd: at - outer, end: at + 1 };
  }
  return { start, open, contentEnd: text.length, end: text.length };
}

/** What a sticky pattern finds at that place. */
export function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
