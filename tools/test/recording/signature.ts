import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Pair {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}

/**
 * Returns what is wrong with a request's signature by ACS3-HMAC-SHA256, as its page describes it; undefined
 * for a valid one.
 */
export function signatureFault(
  request: { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer },
  pair: Pair,
): string | undefined {
  const { method, url, headers, body } = request;
  const [, id, names = '', signature] =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (id !== pair.accessKeyId) return 'InvalidAccessKeyId.NotFound';
  if ((headers['x-acs-security-token'] ?? undefined) !== pair.securityToken)
    return 'InvalidSecurityToken.Malformed';
  const hash = createHash('sha256').update(body).digest('hex');
  if (headers['x-acs-content-sha256'] !== hash) return 'SignatureDoesNotMatch';
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const lines = names.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`);
  const canonical = [method, url.pathname, query, lines.join(''), names, hash].join('\n');
  const wanted = createHmac('sha256', pair.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`)
    .digest('hex');
  return wanted === signature ? undefined : 'SignatureDoesNotMatch';
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
