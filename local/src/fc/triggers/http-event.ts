import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { percentDecodeOrKeep } from '../../percent.ts';
import type { HeaderPair } from '../invocation.ts';
import { headerValues, type RequestParts } from './http-request.ts';

/** The event of an HTTP trigger, payload version v1. */
export interface HttpEvent {
  version: 'v1';
  /** Still URL-encoded. */
  rawPath: string;
  body: string;
  isBase64Encoded: boolean;
  headers: Record<string, string>;
  queryParameters: Record<string, string>;
  requestContext: {
    accountId: string;
    domainName: string;
    domainPrefix: string;
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
    requestId: string;
    /** ISO 8601, UTC, whole seconds. */
    time: string;
    /** Milliseconds since the epoch, as a string. */
    timeEpoch: string;
  };
}

export interface HttpEventOptions extends RequestParts {
  /** Path after the function's own address, with a leading slash, still encoded. */
  rawPath: string;
  accountId: string;
  domainPrefix: string;
  requestId: string;
  now: number;
}

/**
 * Headers that concern one connection, which ends at the gateway; the headers that Connection names
 * do too.
 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function httpEvent(request: IncomingMessage, options: HttpEventOptions): HttpEvent {
  const { rawPath, body, domainPrefix, requestId, now } = options;
  const isText = isTextual(headerValues(options, 'content-type')[0]) && isUtf8(body);
  return {
    version: 'v1',
    rawPath,
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
    headers: eventHeaders(options),
    queryParameters: options.query === '' ? {} : joined(new URLSearchParams(options.query)),
    requestContext: {
      accountId: options.accountId,
      domainName: `${domainPrefix}.localhost`,
      domainPrefix,
      http: {
        method: request.method ?? '',
        path: percentDecodeOrKeep(rawPath),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
      timeEpoch: String(now),
    },
  };
}

/**
 * Returns the headers that reach the function: none that concerns one connection, and no client's
 * `x-fc-`.
 */
export function endToEndHeaders({ headers }: Pick<RequestParts, 'headers'>): HeaderPair[] {
  const named = headerValues({ headers }, 'connection')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase());
  return headers.filter(([given]) => {
    const name = given.toLowerCase();
    return !HOP_BY_HOP.has(name) && !named.includes(name) && !name.startsWith('x-fc-');
  });
}

/**
 * Returns headers with Title-Case names, as the production gateway writes them; values of one name
 * are joined by commas, of cookies by "; ".
 */
function eventHeaders(parts: Pick<RequestParts, 'headers'>): Record<string, string> {
  const titled = endToEndHeaders(parts).map(([given, value]): [string, string] => [
    titleCase(given),
    value,
  ]);
  return joined(titled, (name) => (name === 'Cookie' ? '; ' : ','));
}

/** Names that have come before: every request has the same few. */
const titles = new Map<string, string>();
const MAX_TITLES = 500;

function titleCase(given: string): string {
  const known = titles.get(given);
  if (known !== undefined) return known;
  const title = given.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  if (titles.size < MAX_TITLES) titles.set(given, title);
  return title;
}

function joined(
  pairs: Iterable<[string, string]>,
  between: (name: string) => string = () => ',',
): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}${between(name)}${value}`);
  }
  return Object.fromEntries(values);
}

/**
 * Returns whether a body is passed as text. Which content types count as text is not documented:
 * these do, and so does a body of no stated type. Anything else, and any body that is not valid
 * UTF-8, is passed in base64.
 */
function isTextual(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    type === '' ||
    type.startsWith('text/') ||
    /^application\/(json|xml|javascript|x-www-form-urlencoded|graphql|yaml|x-yaml|x-ndjson)$/.test(
      type,
    ) ||
    /\+(json|xml)$/.test(type)
  );
}
