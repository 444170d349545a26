/** Arrays and objects within one another. Schemas, and JSON.stringify, go down one call of a function for each. */
export const MAX_JSON_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** In this bit `[` differs from `{`, and `]` from `}`. */
const CASE = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Whether a JSON text goes deeper than MAX_JSON_DEPTH. Builds nothing, and reads by character only what has brackets enough for it: few texts have. */
export function isTooDeep(text: string): boolean {
  return hasManyOpenings(text) && goesTooDeep(text);
}

/** Whether there are more opening brackets than may be open at a time, in strings too. */
function hasManyOpenings(text: string): boolean {
  let openings = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++openings > MAX_JSON_DEPTH) return true;
  return false;
}

function goesTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at + 1);
    else if ((code | CASE) === OPENING) {
      if (++depth > MAX_JSON_DEPTH) return true;
    } else if ((code | CASE) === CLOSING) depth--;
  }
  return false;
}

/** Where the quote is that ends a string whose content begins at `from`; the text's end without one. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes is before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before--;
  return (at - before) % 2 === 0;
}
