import { cut } from '../errors/cut.ts';
import { InvalidInputError } from '../errors/errors.ts';
import { eventObject, type Fields, object, optionalString, string, unexpected } from './narrow.ts';

/** A request to an HTTP trigger, from FC's `v1` event. */
export interface HttpRequest {
  method: string;
  /** Decoded, with a leading slash. */
  path: string;
  /** Lower-case names; values of a repeated header are joined by commas. */
  headers: Readonly<Record<string, string>>;
  /** Values of a repeated parameter are joined by commas. */
  query: Readonly<Record<string, string>>;
  /** The bytes as the client sent them: FC's base64 is undone. */
  body: Buffer;
  /** The gateway's id of the request; the invocation's own is `context.requestId`. */
  requestId?: string | undefined;
  sourceIp?: string | undefined;
}

/** What the handler of an HTTP trigger returns. */
export interface HttpResponse {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
}

/**
 * Parses the event of an HTTP trigger. Throws an InvalidInputError for anything else, and one
 * (`PayloadTooLarge`, status 413) for a body of more than `maxBodyBytes`, before it is decoded. Header
 * names come in Title-Case or lower case depending on the gateway; here they are always lower case.
 */
export function parseHttpEvent(
  event: Uint8Array,
  { maxBodyBytes = Number.POSITIVE_INFINITY }: { maxBodyBytes?: number | undefined } = {},
): HttpRequest {
  const fields = eventObject(event, 'http');
  const context = object(fields.requestContext, 'http', 'requestContext');
  const http = object(context.http, 'http', 'requestContext.http');
  const rawPath = optionalString(fields.rawPath) ?? '/';
  return {
    method: string(http, 'method', 'http').toUpperCase(),
    path: pathOf(rawPath, optionalString(http.path)),
    headers: lowerCased(stringMap(fields, 'headers')),
    query: stringMap(fields, 'queryParameters'),
    body: decodeBody(
      optionalString(fields.body) ?? '',
      fields.isBase64Encoded === true ? 'base64' : 'utf8',
      maxBodyBytes,
    ),
    requestId: optionalString(context.requestId),
    sourceIp: optionalString(http.sourceIp),
  };
}

function decodeBody(text: string, encoding: 'base64' | 'utf8', limit: number): Buffer {
  const size = Buffer.byteLength(text, encoding);
  if (size <= limit) return Buffer.from(text, encoding);
  throw new InvalidInputError(`Body has ${size} bytes, over the limit of ${limit}`, {
    code: 'PayloadTooLarge',
    status: 413,
  });
}

/** Throws for a path whose bytes are not UTF-8: as text it would be the path of another request. */
function pathOf(rawPath: string, decoded: string | undefined): string {
  try {
    const path = decodeURIComponent(rawPath);
    return decoded ?? path;
  } catch (cause) {
    throw new InvalidInputError(`Path is not UTF-8, percent-encoded: ${cut(rawPath)}`, {
      code: 'InvalidPath',
      cause,
      remedy: 'encode it as encodeURIComponent does; a % itself is %25',
    });
  }
}

function stringMap(fields: Fields, key: string): Record<string, string> {
  const map = object(fields[key] ?? {}, 'http', key);
  for (const name in map)
    if (typeof map[name] !== 'string') throw unexpected('http', `${key}.${cut(name)}`, 'a string');
  return map as Record<string, string>;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  const names = Object.keys(headers);
  if (names.every((name) => name === name.toLowerCase())) return headers;
  return Object.fromEntries(names.map((name) => [name.toLowerCase(), headers[name] ?? '']));
}
