/** The opening quote of a text, with the backslashes before it in nested JSON. */
const QUOTE = /(\\*)(["'`])/y;

/** Follows a text that is a name. */
export const NAME_END = /\s{0,99}(?:=>|:)/y;
/** A name without quotes. */
export const BARE_NAME = /[\w$-]{1,200}/y;

export interface Quoted {
  /** Start of the text, at its quote. */
  start: number;
  /** The quote with its backslashes. */
  open: string;
  contentEnd: number;
  /** Position after the closing quote; the text's end where it is cut off. */
  end: number;
}

/**
 * Reads a quoted text. In nested JSON, n backslashes precede its quotes, 2n + 1 precede a quote in
 * it, and 2n + 2 are one of its own.
 */
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

/** Returns what a sticky pattern finds at that position. */
export function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
