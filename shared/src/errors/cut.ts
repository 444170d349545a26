/** Maximum characters of an outside value quoted in an error or a log line. */
export const MAX_QUOTED_LENGTH = 200;

/** Returns the first `max` characters of a text, followed by `…` if there are more. Never splits a character. */
export function cut(text: string, max: number = MAX_QUOTED_LENGTH): string {
  if (text.length <= max) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(max - 1)) ? max - 1 : max;
  return `${text.slice(0, end)}…`;
}

/** Quotes a value from outside for an error: in double quotes, escaped, at most 200 characters of it. */
export function quote(text: string): string {
  return JSON.stringify(cut(text));
}

/** Matches half a character. Written without \p{Surrogate}, for which V8 loads Unicode's tables at a cold start. */
export const LONE_SURROGATE =
  /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
