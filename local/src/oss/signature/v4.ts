import { createHash, createHmac } from 'node:crypto';
import { percentEncodeBytes } from '../../percent.ts';
import { ossHeaders, type QueryParameter, type SignedRequest } from './request.ts';

export const ALGORITHM_V4 = 'OSS4-HMAC-SHA256';
const TERMINATOR = 'aliyun_v4_request';

/** Key id and scope of a signature: `<id>/<yyyymmdd>/<region>/<product>/aliyun_v4_request`. */
export interface CredentialScope {
  accessKeyId: string;
  /** `yyyymmdd`. */
  date: string;
  /** Without `oss-`. */
  region: string;
  product: string;
}

export interface AuthorizationV4 {
  credential: CredentialScope;
  /** Names in lower case, sorted. */
  additionalHeaders: string[];
  signature: string;
}

export interface CanonicalOptions {
  additionalHeaders?: readonly string[];
  /** How a parameter with an empty value is written: documented is its bare name. */
  emptyValues?: 'bare' | 'with-equals-sign';
}

/**
 * Returns the six parts that version 4 hashes. The signature parameter of a signed URL is left out.
 */
export function canonicalRequestV4(request: SignedRequest, options: CanonicalOptions = {}): string {
  const { method, bucket, key = '', headers, query } = request;
  const { additionalHeaders = [], emptyValues = 'bare' } = options;
  const path = bucket === undefined ? '/' : `/${bucket}/${key}`;
  return [
    method,
    percentEncodeBytes(path).replaceAll('%2F', '/'),
    canonicalQuery(query, emptyValues),
    canonicalHeaders(headers, additionalHeaders),
    additionalHeaders.join(';'),
    headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

function canonicalQuery(
  query: readonly QueryParameter[],
  emptyValues: CanonicalOptions['emptyValues'],
): string {
  return query
    .filter(({ name }) => name !== 'x-oss-signature')
    .map(({ name, value }) => ({
      name: percentEncodeBytes(name),
      value: value === undefined ? undefined : percentEncodeBytes(value),
    }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.value ?? '', b.value ?? ''))
    .map(({ name, value }) => {
      if (value) return `${name}=${value}`;
      return value === '' && emptyValues === 'with-equals-sign' ? `${name}=` : name;
    })
    .join('&');
}

function canonicalHeaders(
  headers: SignedRequest['headers'],
  additionalHeaders: readonly string[],
): string {
  const lines = ossHeaders(headers);
  for (const name of ['content-type', 'content-md5', ...additionalHeaders]) {
    const value = headers[name];
    if (value !== undefined && !name.startsWith('x-oss-')) lines.push([name, value.trim()]);
  }
  return lines
    .sort(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns the text that version 4 signs; `timestamp` is `yyyymmddTHHMMSSZ`. */
export function stringToSignV4(
  canonicalRequest: string,
  timestamp: string,
  { date, region, product }: CredentialScope,
): string {
  const hash = createHash('sha256').update(canonicalRequest, 'latin1').digest('hex');
  return [ALGORITHM_V4, timestamp, `${date}/${region}/${product}/${TERMINATOR}`, hash].join('\n');
}

/**
 * Derives the key of one day, region and product; it is the same for all requests of that scope.
 */
export function signingKeyV4(
  accessKeySecret: string,
  { date, region, product }: CredentialScope,
): Buffer {
  return [date, region, product, TERMINATOR].reduce(
    (key: Buffer, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`aliyun_v4${accessKeySecret}`),
  );
}

/** Returns the hex HMAC-SHA256 of a string to sign. */
export function signV4(signingKey: Buffer, stringToSign: string): string {
  return createHmac('sha256', signingKey).update(stringToSign, 'latin1').digest('hex');
}

/** Reads `OSS4-HMAC-SHA256 Credential=…,AdditionalHeaders=…,Signature=…`; undefined when it has another form. */
export function parseAuthorizationV4(header: string): AuthorizationV4 | undefined {
  const fields = new Map(
    header
      .slice(ALGORITHM_V4.length)
      .split(',')
      .map((field): [string, string] => {
        const [name = '', ...value] = field.split('=');
        return [name.trim(), value.join('=').trim()];
      }),
  );
  const credential = parseCredential(fields.get('Credential') ?? '');
  const signature = fields.get('Signature');
  if (!credential || !signature) return undefined;
  const additionalHeaders = parseAdditionalHeaders(fields.get('AdditionalHeaders') ?? '');
  return { credential, additionalHeaders, signature };
}

/** Reads a credential scope; undefined when it has another form. */
export function parseCredential(text: string): CredentialScope | undefined {
  const [accessKeyId, date, region, product, terminator, ...rest] = text.split('/');
  const complete = accessKeyId && date && region && product;
  if (!complete || terminator !== TERMINATOR || rest.length > 0) return undefined;
  return { accessKeyId, date, region, product };
}

/** Reads `a;b`: lower case, sorted, without duplicates. */
export function parseAdditionalHeaders(text: string): string[] {
  const names = text.split(';').map((name) => name.trim().toLowerCase());
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

/**
 * Parses `yyyymmddTHHMMSSZ` to milliseconds since the epoch; undefined when it has another form or
 * is no date.
 */
export function parseTimestamp(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
