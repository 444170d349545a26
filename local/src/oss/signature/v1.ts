import { createHmac } from 'node:crypto';
import { ossHeaders, type SignedRequest } from './request.ts';

/** Query parameters that version 1 signs besides every `x-oss-*`; all others can change freely. */
const SIGNED_PARAMETERS = new Set(
  `acl uploads location cors logging website referer lifecycle delete append position tagging
  objectMeta uploadId partNumber security-token img style styleName replication
  replicationProgress replicationLocation cname bucketInfo comp qos live status vod startTime
  endTime symlink restore callback callback-var encryption versions versioning versionId policy
  requestPayment stat qosInfo asyncFetch sequential inventory inventoryId continuation-token worm
  wormId wormExtend transferAcceleration metaQuery resourceGroup regionList objectInfo group link
  accessPoint publicAccessBlock httpsConfig cleanRestoredObject response-content-type
  response-content-language response-expires response-cache-control response-content-disposition
  response-content-encoding`.split(/\s+/),
);

/**
 * Returns the text that version 1 signs. `date` is the x-oss-date or Date header, or the Expires of
 * a signed URL.
 */
export function stringToSignV1(request: SignedRequest, date: string): string {
  const { method, headers } = request;
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date];
  for (const [name, value] of ossHeaders(headers)) lines.push(`${name}:${value}`);
  lines.push(canonicalResource(request));
  return lines.join('\n');
}

function canonicalResource({ bucket, key = '', query }: SignedRequest): string {
  const path = bucket === undefined ? '/' : `/${bucket}/${key}`;
  const parameters = query
    .filter(({ name }) => SIGNED_PARAMETERS.has(name) || name.startsWith('x-oss-'))
    .map(({ name, value }) => ({ name, text: value ? `${name}=${value}` : name }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ text }) => text);
  return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`;
}

/** Returns the Base64 HMAC-SHA1 of a string to sign. */
export function signV1(accessKeySecret: string, stringToSign: string): string {
  return createHmac('sha1', accessKeySecret).update(stringToSign, 'latin1').digest('base64');
}

export interface AuthorizationV1 {
  accessKeyId: string;
  signature: string;
}

/** Reads `OSS <id>:<signature>`; undefined when it has another form. */
export function parseAuthorizationV1(header: string): AuthorizationV1 | undefined {
  const [, accessKeyId, signature] = /^OSS ([^:\s]+):(\S+)\s*$/.exec(header) ?? [];
  return accessKeyId && signature ? { accessKeyId, signature } : undefined;
}
