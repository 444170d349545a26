import { createHash, createHmac } from 'node:crypto';
import { canonicalPairs } from './pairs.ts';

export const ACS3_ALGORITHM = 'ACS3-HMAC-SHA256';

/** `ACS3-HMAC-SHA256 Credential=<key id>,SignedHeaders=<a;b;c>,Signature=<hex>`. */
export interface Acs3Authorization {
  accessKeyId: string;
  /** Lower-case names, in the order in which they were signed. */
  signedHeaders: readonly string[];
  signature: string;
}

export interface Acs3Request {
  method: string;
  path: string;
  /** Decoded. */
  query: Iterable<readonly [name: string, value: string]>;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
}

const HEADER =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), ?Signature=([0-9a-f]{64})$/;

/** Reads an Authorization header; undefined for any other form. */
export function parseAcs3(header: string): Acs3Authorization | undefined {
  const [, accessKeyId, names, signature] = HEADER.exec(header) ?? [];
  if (!accessKeyId || !names || !signature) return undefined;
  return { accessKeyId, signedHeaders: names.split(';'), signature };
}

/**
 * Returns the canonical request. The body is covered by its hash in x-acs-content-sha256, which the
 * caller must compare.
 */
export function canonicalRequestAcs3(
  { method, path, query, headers }: Acs3Request,
  signedHeaders: readonly string[],
): string {
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('');
  return [
    method,
    path,
    canonicalPairs(query),
    lines,
    signedHeaders.join(';'),
    headers['x-acs-content-sha256'] ?? '',
  ].join('\n');
}

/** Returns the signature: lower-case hex HMAC-SHA256 of the hash of the canonical request. */
export function signAcs3(
  secret: string,
  request: Acs3Request,
  signedHeaders: readonly string[],
): string {
  const hash = sha256(canonicalRequestAcs3(request, signedHeaders));
  return createHmac('sha256', secret).update(`${ACS3_ALGORITHM}\n${hash}`).digest('hex');
}

/** Returns the hash in lower-case hex. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
