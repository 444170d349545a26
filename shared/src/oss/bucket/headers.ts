import { checkHeader } from './check.ts';
import type { ObjectInfo, PutOptions } from './types.ts';

const METADATA = 'x-oss-meta-';

/** Returns the headers of a put. Throws an InvalidInputError (`InvalidHeader`) for one HTTP cannot carry. */
export function putHeaders(options: PutOptions): Record<string, string> {
  const { contentType, headers = {}, metadata = {}, forbidOverwrite } = options;
  const all: Record<string, string> = { ...headers };
  for (const [name, value] of Object.entries(metadata)) all[`${METADATA}${name}`] = value;
  if (contentType !== undefined) all['Content-Type'] = contentType;
  if (forbidOverwrite) all['x-oss-forbid-overwrite'] = 'true';
  for (const [name, value] of Object.entries(all)) checkHeader(name, value);
  return all;
}

export function requestIdOf(headers: object): string | undefined {
  return headerOf(headers, 'x-oss-request-id');
}

/** Returns what an answer's headers say about the object; undefined if they describe none. */
export function objectInfo(headers: object, requestId: string): ObjectInfo | undefined {
  const eTag = headerOf(headers, 'etag');
  if (eTag === undefined) return undefined;
  const metadata = Object.entries(headers)
    .filter(([name, value]) => name.startsWith(METADATA) && typeof value === 'string')
    .map(([name, value]): [string, string] => [name.slice(METADATA.length), String(value)]);
  return {
    eTag: unquote(eTag),
    size: Number(headerOf(headers, 'content-length') ?? 0),
    contentType: headerOf(headers, 'content-type'),
    contentEncoding: headerOf(headers, 'content-encoding'),
    lastModified: Date.parse(headerOf(headers, 'last-modified') ?? ''),
    metadata: Object.fromEntries(metadata),
    crc64: headerOf(headers, 'x-oss-hash-crc64ecma'),
    requestId,
  };
}

export function unquote(eTag: string): string {
  return eTag.replace(/^"(.*)"$/, '$1');
}

/** Returns one header of an answer; Node gives the names in lower case. */
function headerOf(headers: object, name: string): string | undefined {
  const value: unknown = Reflect.get(headers, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
