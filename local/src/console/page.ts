import type { Readable } from 'node:stream';
import { percentDecode } from '../percent.ts';
import type { Account } from './account.ts';
import { ConsoleError } from './errors.ts';
import type { History } from './history.ts';
import type { Html } from './html.ts';
import type { Sightings } from './sightings.ts';

/** Messages, lines and objects on one page. */
export const PAGE_SIZE = 500;

/** Of an object's key. */
export const MAX_KEY_BYTES = 1023;

/** One request, as a page or an action sees it. */
export interface Visit {
  account: Account;
  history: History;
  sightings: Sightings;
  /** What the path names: a queue, a function and a request id. */
  names: readonly string[];
  query: URLSearchParams;
  /** What was typed in; empty for a page. */
  form: URLSearchParams;
  /** A form with a file, which is not read yet. */
  upload?: { contentType: string; body: AsyncIterable<Uint8Array> };
}

/** A page (a `still` one is not looked at again by itself), the way to one with a line that says what was done, or a file. */
export type Answer =
  | { title: string; main: Html; status?: number; still?: boolean }
  | { seeOther: string; notice?: string }
  | { file: Readable; headers: Record<string, string> };

export type Handler = (visit: Visit) => Answer | Promise<Answer>;

/** A path of the console, its parts encoded. */
export function to(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/** A place in a listing, from the query; the start when it is absent or nonsense. */
export function place(query: URLSearchParams, name: string): number {
  const value = query.get(name) ?? '';
  return /^\d{1,9}$/.test(value) ? Number(value) : 0;
}

/** A key of an object or the start of one, from the query. Throws a 400 for one longer than any that OSS has: 1,023 bytes in UTF-8. */
export function keyIn(query: URLSearchParams, name: string): string {
  const key = query.get(name) ?? '';
  if (Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  throw new ConsoleError(
    400,
    `${name} has ${Buffer.byteLength(key)} bytes, of ${MAX_KEY_BYTES} at most`,
  );
}

/** A text field. Browsers send line breaks as CR LF, whatever was typed. */
export function field(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? '').replaceAll('\r\n', '\n');
}

/** Keys of objects, percent-encoded, since a form changes line breaks. Throws a 400 for what cannot be decoded. */
export function keysIn(form: URLSearchParams, name: string): string[] {
  return form.getAll(name).map((text) => {
    const key = percentDecode(text);
    if (key !== undefined) return key;
    throw new ConsoleError(400, `"${text}" is no percent-encoded UTF-8`);
  });
}

/** A field with a whole number; undefined when it was left empty. Throws a 400. */
export function numberField(form: URLSearchParams, name: string): number | undefined {
  const value = field(form, name).trim();
  if (value === '') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new ConsoleError(400, `${name} is "${value}": give a whole number`);
}
