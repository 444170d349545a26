/**
 * A request as its signature sees it. Every string has one character for each byte sent (latin1),
 * so that UTF-8 keys and header values are signed exactly as they were sent.
 */
export interface SignedRequest {
  method: string;
  bucket?: string | undefined;
  /** Decoded, without the leading slash. */
  key?: string | undefined;
  /** Decoded, in the order of the URL; a parameter without `=` has no value. */
  query: readonly QueryParameter[];
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
}

export interface QueryParameter {
  name: string;
  value: string | undefined;
}

/** Returns the `x-oss-*` headers, trimmed, sorted by name. */
export function ossHeaders(headers: SignedRequest['headers']): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => name.startsWith('x-oss-'))
    .map(([name, value]): [string, string] => [name, (value ?? '').trim()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
