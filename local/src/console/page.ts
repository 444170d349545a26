import type { Readable } from 'node:stream';
import { percentDecode } from '../percent.ts';
import type { Account } from './account.ts';
import { ConsoleError } from './errors.ts';
import type { History } from './history.ts';
import type { Html } from './html.ts';
import type { Sightings } from './sightings.ts';

/** Maximum number of messages, lines and objects on one page. */
export const PAGE_SIZE = 500;

/** Maximum length of an object's key. */
export const MAX_KEY_BYTES = 1023;

/** One request, as a page or an action gets it. */
export interface Visit {
  account: Account;
  history: History;
  sightings: Sightings;
  /** Names in the path: a queue, a function and a request id. */
  names: readonly string[];
  query: URLSearchParams;
  /** The form's fields; empty for a page. */
  form: URLSearchParams;
  /** A form with a file, which has not been read yet. */
  upload?: { contentType: string; body: AsyncIterable<Uint8Array> };
}

/**
 * A page (a `still` one is not refreshed by itself), a redirect to one with a notice, or a file.
 */
export type Answer =
  | { title: string; main: Html; status?: number; still?: boolean }
  | { seeOther: string; notice?: string }
  | { file: Readable; headers: Record<string, string> };

export type Handler = (visit: Visit) => Answer | Promise<Answer>;

/** Returns a path of the console with its parts encoded. */
export function to(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/** Reads a position in a listing from the query; the start when it is absent or invalid. */
export function place(query: URLSearchParams, name: string): number {
  const value = query.get(name) ?? '';
  return /^\d{1,9}$/.test(value) ? Number(value) : 0;
}

/**
 * Reads a key of an object or its beginning from the query. Throws a 400 for one longer than OSS's
 * limit: 1,023 bytes in UTF-8.
 */
export function keyIn(query: URLSearchParams, name: string): string {
  const key = query.get(name) ?? '';
  if (Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  throw new ConsoleError(
    400,
    `${name} has ${Buffer.byteLength(key)} bytes, of ${MAX_KEY_BYTES} at most`,
  );
}

/** Reads a text field. Browsers send line breaks as CR LF, whatever was typed. */
export function field(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? '').replaceAll('\r\n', '\n');
}

/**
 * Reads keys of objects, percent-encoded, since a form changes line breaks. Throws a 400 for one
 * that cannot be decoded.
 */
export function keysIn(form: URLSearchParams, name: string): string[] {
  return form.getAll(name).map((text) => {
    const key = percentDecode(text);
    if (key !== undefined) return key;
    throw new ConsoleError(400, `"${text}" is no percent-encoded UTF-8`);
  });
}

/** Reads a field with a whole number; undefined when it is empty. Throws a 400. */
export function numberField(form: URLSearchParams, name: string): number | undefined {
  const value = field(form, name).trim();
  if (value === '') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new ConsoleError(400, `${name} is "${value}": give a whole number`);
}
