/** Characters of a value from outside that an error or a log line quotes. */
export const MAX_QUOTED_LENGTH = 200;

/** The first `max` characters of a text, and `…` where there are more. No character is cut in two. */
export function cut(text: string, max: number = MAX_QUOTED_LENGTH): string {
  if (text.length <= max) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(max - 1)) ? max - 1 : max;
  return `${text.slice(0, end)}…`;
}

/** A value from outside as errors quote it: in double quotes, escaped, at most 200 characters of it. */
export function quote(text: string): string {
  return JSON.stringify(cut(text));
}
