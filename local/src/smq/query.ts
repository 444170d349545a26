import { percentDecode } from '../percent.ts';
import { inRange, invalidQuery, SmqError } from './errors.ts';
import type { Range } from './limits.ts';
import { wholeNumber } from './read-xml.ts';

const NO_ITEMS: ReadonlyMap<string, string> = new Map();

/**
 * The parameters of a query string. Names are lower-cased, since SDKs write them differently; `+`
 * stays a plus, since receipt handles arrive unencoded.
 */
export class Query {
  readonly #items: ReadonlyMap<string, string>;

  /** Throws InvalidQueryString for a bad escape, a parameter without a name, or one given twice. */
  constructor(text: string) {
    if (text === '') {
      this.#items = NO_ITEMS;
      return;
    }
    const items = new Map<string, string>();
    for (const item of text.split('&')) {
      const equals = item.indexOf('=');
      const name = decode(equals < 0 ? item : item.slice(0, equals)).toLowerCase();
      if (name === '' || items.has(name)) throw invalidQuery(name);
      items.set(name, equals < 0 ? '' : decode(item.slice(equals + 1)));
    }
    this.#items = items;
  }

  get names(): Iterable<string> {
    return this.#items.keys();
  }

  has(name: string): boolean {
    return this.#items.has(name.toLowerCase());
  }

  text(name: string): string | undefined {
    return this.#items.get(name.toLowerCase());
  }

  /** Returns true or false; absent is false. Throws InvalidQueryString for another value. */
  flag(name: string): boolean {
    const value = this.text(name)?.toLowerCase() ?? 'false';
    if (value === 'true' || value === 'false') return value === 'true';
    throw invalidQuery(name);
  }

  /** Reads a number. Throws InvalidArgument for anything but a whole number in the range. */
  number(name: string, range: Range): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : inRange(name, wholeNumber(value), range);
  }
}

function decode(text: string): string {
  const decoded = percentDecode(text);
  if (decoded === undefined) throw new SmqError('InvalidQueryString');
  return decoded;
}
