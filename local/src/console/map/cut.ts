import { visible } from '../html.ts';

/** Scripts whose characters are about twice as wide as Latin ones. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/**
 * Cuts a text to one line of `width` Latin characters; a longer one keeps its start and its end,
 * where names that begin alike differ.
 */
export function cutInside(text: string, width: number): string {
  if (cut(text, width) === visible(text)) return text;
  const [start, end] = [Math.floor(width / 3), width - Math.floor(width / 3) - 1];
  const backwards = [...visible(text.slice(-4 * width)).replace(/\s+/g, ' ')].reverse().join('');
  const tail = [...cut(backwards, end + 1)].slice(0, -1).reverse().join('');
  return `${cut(text, start + 1)}${tail}`;
}

/** Cuts a text to its start, on one line of `width` Latin characters; `…` replaces the rest. */
export function cut(text: string, width: number): string {
  const characters = [...visible(text.slice(0, 4 * width)).replace(/\s+/g, ' ')];
  let used = 0;
  let room = 0;
  for (const [at, char] of characters.entries()) {
    used += WIDE.test(char) ? 2 : 1;
    if (used < width) room = at + 1;
    if (used > width) return `${characters.slice(0, room).join('')}…`;
  }
  return text.length > 4 * width ? `${characters.slice(0, room).join('')}…` : characters.join('');
}
