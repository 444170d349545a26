/** The parts of a request that reach the function; the gateway may change them on the way. */
export interface RequestParts {
  /** Names in their original case, one pair for each header line. */
  headers: readonly (readonly [name: string, value: string])[];
  /** The text after the question mark, or empty. */
  query: string;
  body: Buffer;
}

/** Returns the pairs in Node's `rawHeaders`. */
export function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return pairs;
}

/** Returns the values of a header, in the order of its lines. */
export function headerValues({ headers }: Pick<RequestParts, 'headers'>, name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const [one, value] of headers)
    if (one.length === wanted.length && one.toLowerCase() === wanted) values.push(value);
  return values;
}

/** Returns the cookies of all Cookie lines, in order. */
export function cookiesOf(parts: Pick<RequestParts, 'headers'>): [string, string][] {
  return headerValues(parts, 'cookie')
    .flatMap((line) => line.split(';'))
    .flatMap((cookie): [string, string][] => {
      const at = cookie.indexOf('=');
      return at < 0 ? [] : [[cookie.slice(0, at).trim(), cookie.slice(at + 1).trim()]];
    });
}

/** Returns whether the body is a form of `name=value` pairs. */
export function isUrlEncodedForm(parts: Pick<RequestParts, 'headers'>): boolean {
  const [type = ''] = headerValues(parts, 'content-type');
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type.trim());
}
