import { systemClock } from '../../clock/clock.ts';
import { publicBucketUrl } from './address.ts';
import {
  checkWish,
  encodeCallback,
  type Grantor,
  type GrantRules,
  type UploadWish,
} from './rules.ts';
import { encode, signingV4 } from './signature-v4.ts';

export interface SignedUrlGrant {
  kind: 'url';
  method: 'PUT';
  url: string;
  key: string;
  /** Headers to send with the request: they are signed. */
  headers: Record<string, string>;
  /** ISO 8601. */
  expiresAt: string;
  /**
   * Rules and properties of the object that the signature does not enforce: anyone with the URL can break
   * or choose these.
   */
  notEnforced: string[];
}

/**
 * Returns a URL that accepts one object by PUT, of the requested type; `content-length` is signed too, so a
 * body of another length is refused. Whether `Transfer-Encoding: chunked` beside the signed length is
 * refused is not documented, so `size` is listed as not enforced, as are the headers that version 4 signs
 * only if they are named and that the uploader may add. Every header `x-oss-…` is signed, so none can be
 * added. Throws as checkWish does.
 */
export function signedUrlGrant(
  rules: GrantRules,
  wish: UploadWish,
  grantor: Grantor,
): SignedUrlGrant {
  const { key, contentType, size } = checkWish(rules, wish);
  const { now = systemClock.now() } = grantor;
  const signing = signingV4({ ...grantor, now });
  const headers: Record<string, string> = {
    'content-length': String(size),
    'content-type': contentType,
    ...(rules.callback && { 'x-oss-callback': encodeCallback(rules.callback) }),
    ...(!rules.overwrite && { 'x-oss-forbid-overwrite': 'true' }),
  };
  const query = pairs({
    'x-oss-additional-headers': 'content-length',
    'x-oss-credential': signing.credential,
    'x-oss-date': signing.date,
    'x-oss-expires': String(rules.expiresInSeconds),
    ...(signing.securityToken && { 'x-oss-security-token': signing.securityToken }),
    'x-oss-signature-version': signing.algorithm,
  });
  const path = key.split('/').map(encode).join('/');
  const signature = signing.signRequest(
    [
      'PUT',
      `/${grantor.bucket}/${path}`,
      query,
      Object.entries(headers)
        .map(([name, value]) => `${name}:${value}\n`)
        .join(''),
      'content-length',
      'UNSIGNED-PAYLOAD',
    ].join('\n'),
  );
  return {
    kind: 'url',
    method: 'PUT',
    url: `${publicBucketUrl(grantor)}${path}?${query}&x-oss-signature=${signature}`,
    key,
    headers,
    expiresAt: new Date(now + rules.expiresInSeconds * 1000).toISOString(),
    notEnforced: ['size', ...UNSIGNED_PROPERTIES],
  };
}

/** Properties set by headers which are not signed. */
const UNSIGNED_PROPERTIES = [
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
  'expires',
];

/** Returns the pairs in the order of their names, as the signature requires. */
function pairs(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}
