/** Maximum nesting of arrays and objects. Schemas, and JSON.stringify, take one recursive call for each level. */
export const MAX_JSON_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The bit in which `[` differs from `{`, and `]` from `}`. */
const CASE = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/**
 * Returns whether a JSON text is nested deeper than MAX_JSON_DEPTH. Builds nothing, and reads by character
 * only the few texts that have enough brackets.
 */
export function isTooDeep(text: string): boolean {
  return hasManyOpenings(text) && goesTooDeep(text);
}

/** Whether there are more opening brackets than may be open at a time, counting those in strings too. */
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

/** Returns the position of the quote that ends a string whose content begins at `from`; the text's end without one. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes precedes it. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before--;
  return (at - before) % 2 === 0;
}
