import { percentEncode } from '../../percent.ts';

/** Returns `name=value` pairs, encoded, in the order of their names. */
export function canonicalPairs(pairs: Iterable<readonly [name: string, value: string]>): string {
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}
