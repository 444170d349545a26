import { firstAfter } from '../bytes.ts';
import type { Table } from '../store/types.ts';

export interface ListingRequest {
  /** Common start of all ids of the bucket, `<bucket>\0`; it is cut off. */
  scope: string;
  prefix: string;
  delimiter: string;
  /** Names up to and including this one are skipped. */
  after: string;
  limit: number;
}

/** All strings are bytes (one character each). */
export interface Listing<T> {
  entries: { name: string; record: T }[];
  commonPrefixes: string[];
  /** The last name or common prefix returned, when there are more. */
  next: string | undefined;
}

/**
 * Lists names of a bucket in byte order; those with the delimiter after the prefix are rolled up
 * into common prefixes, each of which counts as one. The delimiter is not searched for after a NUL
 * in a name (which begins an upload's id).
 */
export function listNames<T>(table: Table<T>, request: ListingRequest): Listing<T> {
  const { scope, prefix, delimiter, after, limit } = request;
  const end = firstAfter(scope + prefix);
  const listing: Listing<T> = { entries: [], commonPrefixes: [], next: undefined };
  const rollUp = (name: string) => commonPrefix(keyOf(name), prefix, delimiter);

  let last = after;
  let from = after < prefix ? scope + prefix : `${scope}${after}\0`;
  if (rollUp(after) === keyOf(after)) from = firstAfter(scope + keyOf(after)) ?? from;

  for (;;) {
    let jump: string | undefined;
    for (const [id, record] of table.range(from, end)) {
      if (listing.entries.length + listing.commonPrefixes.length === limit)
        return { ...listing, next: last };
      const name = id.slice(scope.length);
      const rolled = rollUp(name);
      last = rolled ?? name;
      if (rolled === undefined) {
        listing.entries.push({ name, record });
      } else {
        listing.commonPrefixes.push(rolled);
        jump = firstAfter(scope + rolled);
        break;
      }
    }
    if (jump === undefined) return listing;
    from = jump;
  }
}

function keyOf(name: string): string {
  const end = name.indexOf('\0');
  return end === -1 ? name : name.slice(0, end);
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const cut = key.indexOf(delimiter, prefix.length);
  return cut === -1 ? undefined : key.slice(0, cut + delimiter.length);
}
