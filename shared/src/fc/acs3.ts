import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { Credentials } from '../auth/credentials.ts';

export interface UnsignedRequest {
  method: string;
  /** Percent-encoded path. */
  path: string;
  /** Sorted, encoded pairs joined by `&`; empty when there are none. */
  query: string;
  host: string;
  action: string;
  version: string;
  body: Buffer;
  /** Lower-case names. Headers that begin with `x-acs-` are signed, others are not. */
  headers: Readonly<Record<string, string>>;
}

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** Returns all headers of a request, signed with ACS3-HMAC-SHA256: the host, the x-acs- headers and the body's hash. */
export function signAcs3(
  request: UnsignedRequest,
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  { date = new Date(), nonce = randomUUID() } = {},
): Record<string, string> {
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    'x-acs-action': request.action,
    'x-acs-version': request.version,
    'x-acs-date': date.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': sha256(request.body),
    ...(securityToken && { 'x-acs-security-token': securityToken }),
  };
  const signed = Object.keys(headers)
    .filter((name) => name === 'host' || name.startsWith('x-acs-'))
    .sort();
  const canonicalRequest = [
    request.method,
    request.path,
    request.query,
    signed.map((name) => `${name}:${headers[name]?.trim()}\n`).join(''),
    signed.join(';'),
    headers['x-acs-content-sha256'],
  ].join('\n');
  const signature = createHmac('sha256', accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(canonicalRequest)}`)
    .digest('hex');
  const authorization = `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${signed.join(';')},Signature=${signature}`;
  return { ...headers, authorization };
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
