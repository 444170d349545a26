import { createHmac } from 'node:crypto';
import { equalInConstantTime } from '../equal-in-constant-time.ts';
import { percentDecodeOrKeep, percentEncode } from '../percent.ts';
import { hmacSha1 } from './hmac-sha1.ts';

/** The parts of a request that both versions sign. Header names are lower-case, values as sent. */
export interface SignedRequest {
  method: string;
  /** Path and query exactly as on the request line. */
  target: string;
  headers: Readonly<Record<string, string | undefined>>;
}

/** `MNS <key id>:<base64 signature>`. */
export interface AuthorizationV2 {
  version: 2;
  accessKeyId: string;
  signature: string;
}

/** `MNS4-HMAC-SHA256 Credential=<key id>/<yyyymmdd>/<region>/mns/aliyun_v4_request,Signature=<hex>`. */
export interface AuthorizationV4 {
  version: 4;
  accessKeyId: string;
  /** `yyyymmdd`. */
  day: string;
  region: string;
  signature: string;
}

export type Authorization = AuthorizationV2 | AuthorizationV4;

const V2_HEADER = /^MNS ([^:\s]+):([A-Za-z0-9+/]+=*)$/;
const V4_HEADER =
  /^MNS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/mns\/aliyun_v4_request, ?Signature=([0-9a-f]{64})$/;

/** Reads an Authorization header of either version; undefined for any other form. */
export function parseAuthorization(header: string): Authorization | undefined {
  const [, v2Id, v2Signature] = V2_HEADER.exec(header) ?? [];
  if (v2Id && v2Signature) return { version: 2, accessKeyId: v2Id, signature: v2Signature };
  const [, accessKeyId, day, region, signature] = V4_HEADER.exec(header) ?? [];
  if (accessKeyId && day && region && signature)
    return { version: 4, accessKeyId, day, region, signature };
  return undefined;
}

/** The last GET that was signed. */
let latest = { secret: '', text: '', signature: '' };

/**
 * Returns the V2 signature: base64 HMAC-SHA1. An absent header is an empty line; `date` is the Date
 * header, or its replacement.
 */
export function signV2(secret: string, request: SignedRequest, date: string): string {
  const text = stringToSignV2(request, date);
  if (request.method !== 'GET') return hmacSha1(secret, text);
  // A polling client signs the same text for a second.
  if (latest.text !== text || latest.secret !== secret)
    latest = { secret, text, signature: hmacSha1(secret, text) };
  return latest.signature;
}

/**
 * Returns the V4 signature: lower-case hex HMAC-SHA256 with a key derived for that day and region.
 * `at` is the request's date in milliseconds.
 */
export function signV4(
  secret: string,
  request: SignedRequest,
  scope: { day: string; region: string },
  at: number,
): string {
  return createHmac('sha256', signingKeyV4(secret, scope))
    .update(stringToSignV4(request, scope, at))
    .digest('hex');
}

/**
 * Returns true if the signature matches `secret`. A V2 request that has only x-mns-date may have
 * signed either that or an empty Date line.
 */
export function verify(
  authorization: Authorization,
  secret: string,
  request: SignedRequest,
  at: number,
): boolean {
  if (authorization.version === 4)
    return equalInConstantTime(authorization.signature, signV4(secret, request, authorization, at));
  const { date, 'x-mns-date': mnsDate = '' } = request.headers;
  if (date !== undefined)
    return equalInConstantTime(authorization.signature, signV2(secret, request, date));
  return ['', mnsDate].some((line) =>
    equalInConstantTime(authorization.signature, signV2(secret, request, line)),
  );
}

/** Formats a time as `yyyymmddThhmmssZ`, as V4 writes dates. */
export function compactDate(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/**
 * Returns the text that V2 signs, and that a push to an HTTP endpoint signs with another algorithm.
 */
export function stringToSignV2({ method, target, headers }: SignedRequest, date: string): string {
  const md5 = headers['content-md5'] ?? '';
  const type = headers['content-type'] ?? '';
  const mns = headerLines(headers, isMnsHeader);
  return `${method}\n${md5}\n${type}\n${date}\n${mns}${target}`;
}

function stringToSignV4(
  { method, target, headers }: SignedRequest,
  scope: { day: string; region: string },
  at: number,
): string {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const lines = headerLines(
    headers,
    (name) => name === 'content-type' || name === 'content-md5' || isMnsHeader(name),
  );
  return [
    'MNS4-HMAC-SHA256',
    compactDate(at),
    `${scope.day}/${scope.region}/mns/aliyun_v4_request`,
    method,
    canonicalPath(path),
    canonicalQuery(query),
    `${lines}\n`,
  ].join('\n');
}

function signingKeyV4(secret: string, { day, region }: { day: string; region: string }): Buffer {
  return [day, region, 'mns', 'aliyun_v4_request'].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`aliyun_v4${secret}`),
  );
}

function canonicalPath(path: string): string {
  return path
    .split('/')
    .map((segment) => percentEncode(percentDecodeOrKeep(segment)))
    .join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((item) => {
      const equals = item.indexOf('=');
      const name = equals < 0 ? item : item.slice(0, equals);
      const value = equals < 0 ? '' : item.slice(equals + 1);
      return {
        name: percentEncode(percentDecodeOrKeep(name).toLowerCase()),
        value: percentEncode(percentDecodeOrKeep(value)),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ name, value }) => (value === '' ? name : `${name}=${value}`))
    .join('&');
}

function headerLines(headers: SignedRequest['headers'], wanted: (name: string) => boolean): string {
  const names: string[] = [];
  for (const name in headers) if (wanted(name) && headers[name] !== undefined) names.push(name);
  let lines = '';
  for (const name of names.length > 1 ? names.sort() : names) lines += `${name}:${headers[name]}\n`;
  return lines;
}

function isMnsHeader(name: string): boolean {
  return name.startsWith('x-mns-');
}
