import { isUtf8 } from 'node:buffer';
import { type Html, html } from './html.ts';

/** Formats a size: `17 B`, `1.5 KB`, `20 MB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log2(count) / 10), units.length);
  const value = count / 1024 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`;
}

/** Formats a number with its noun: `1 message`, `2 messages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats the time of day in this machine's zone, with the date unless it is the day of `now`. */
export function moment(at: number, now: number): Html {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const today = date.toDateString() === new Date(now).toDateString();
  const iso = date.toISOString();
  return html`<time datetime="${iso}" title="${iso}">${today ? time : `${day} ${time}`}</time>`;
}

const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Deeper levels are not indented more: a page must not grow with the square of a text. */
const MAX_DEPTH = 20;

/**
 * Formats the JSON of an object or array with line breaks, each value as written: a long number
 * keeps its digits. Any other text is unchanged.
 */
export function pretty(text: string): string {
  if (!isJson(text)) return text;
  let depth = 0;
  let laid = '';
  let last = '';
  const line = (): string => `\n${'  '.repeat(Math.min(depth, MAX_DEPTH))}`;
  for (const [token] of text.matchAll(JSON_TOKEN)) {
    const opened = last === '{' || last === '[';
    if (token === '}' || token === ']') {
      depth--;
      if (!opened) laid += line();
    } else if (opened) laid += line();
    laid += token;
    if (token === '{' || token === '[') depth++;
    if (token === ',') laid += line();
    if (token === ':') laid += ' ';
    last = token;
  }
  return laid;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Decodes UTF-8 bytes without NUL; undefined for anything else. Only an incomplete text may end
 * within a character, which is left out.
 */
export function asText(content: Buffer, { whole }: { whole: boolean }): string | undefined {
  const cut = (whole ? [0] : [0, 1, 2, 3]).find((less) =>
    isUtf8(content.subarray(0, content.length - less)),
  );
  if (cut === undefined || content.includes(0)) return undefined;
  return content.subarray(0, content.length - cut).toString();
}

/** Returns the fields of a JSON object; undefined for any other text. */
export function parsedObject(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
