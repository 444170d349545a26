import { createHmac } from 'node:crypto';

/** `FC <key id>:<base64 HMAC-SHA256>`. */
export interface FcAuthorization {
  accessKeyId: string;
  signature: string;
}

export interface FcRequest {
  method: string;
  /** Decoded, without the query. */
  path: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
}

/** Reads an Authorization header of the 2.0 API; undefined for any other form. */
export function parseFc(header: string): FcAuthorization | undefined {
  const [, accessKeyId, signature] = /^FC ([^:\s]+):([A-Za-z0-9+/]{43}=)$/.exec(header) ?? [];
  return accessKeyId && signature ? { accessKeyId, signature } : undefined;
}

/**
 * Returns the text to sign: method, Content-MD5, Content-Type, Date, the x-fc- headers in order and
 * the path. The query is signed only at HTTP triggers of 2.0, which are not implemented here.
 */
function stringToSignFc({ method, path, headers }: FcRequest): string {
  const fcHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-fc-'))
    .sort()
    .map((name) => `${name}:${headers[name] ?? ''}\n`)
    .join('');
  const { date = '', 'content-md5': md5 = '', 'content-type': type = '' } = headers;
  return `${method}\n${md5}\n${type}\n${date}\n${fcHeaders}${path}`;
}

export function signFc(secret: string, request: FcRequest): string {
  return createHmac('sha256', secret).update(stringToSignFc(request)).digest('base64');
}
