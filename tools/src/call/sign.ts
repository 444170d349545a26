import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from 'fc-kit/credentials';

const ALGORITHM = 'ACS3-HMAC-SHA256';

/**
 * Returns the headers that authorise a request to an HTTP trigger whose authType is function, by the page
 * "Configure signature authentication for HTTP triggers": ACS3-HMAC-SHA256 over method, path, query and the
 * x-acs- headers. The body is not signed.
 */
export function signedHeaders(
  method: string,
  url: URL,
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  date = new Date(),
): Record<string, string> {
  const headers: Record<string, string> = {
    'x-acs-date': date.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    ...(securityToken && { 'x-acs-security-token': securityToken }),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    url.pathname,
    canonicalQuery(url),
    names.map((name) => `${name}:${headers[name]}\n`).join(''),
    names.join(';'),
    '',
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const signature = createHmac('sha256', accessKeySecret)
    .update(`${ALGORITHM}\n${hash}`)
    .digest('hex');
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}

function canonicalQuery({ searchParams }: URL): string {
  return [...searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
}

/** Percent-encodes a text by RFC 3986. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
