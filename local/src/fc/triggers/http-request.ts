/** The parts of a request that reach the function, which the gateway may change on the way. */
export interface RequestParts {
  /** Names as they came, one pair for each header line. */
  headers: readonly (readonly [name: string, value: string])[];
  /** What follows the question mark, or empty. */
  query: string;
  body: Buffer;
}

/** Pairs of what Node keeps in `rawHeaders`. */
export function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return pairs;
}

/** The values of a header, in the order of its lines. */
export function headerValues({ headers }: Pick<RequestParts, 'headers'>, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.flatMap(([one, value]) => (one.toLowerCase() === wanted ? [value] : []));
}

/** The cookies of all Cookie lines, in order. */
export function cookiesOf(parts: Pick<RequestParts, 'headers'>): [string, string][] {
  return headerValues(parts, 'cookie')
    .flatMap((line) => line.split(';'))
    .flatMap((cookie): [string, string][] => {
      const at = cookie.indexOf('=');
      return at < 0 ? [] : [[cookie.slice(0, at).trim(), cookie.slice(at + 1).trim()]];
    });
}

/** Whether the body is a form of `name=value` pairs. */
export function isUrlEncodedForm(parts: Pick<RequestParts, 'headers'>): boolean {
  const [type = ''] = headerValues(parts, 'content-type');
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type.trim());
}
