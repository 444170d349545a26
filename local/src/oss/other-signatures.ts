import { notImplemented } from './errors.ts';
import type { OssRequest } from './request.ts';

const V2 = "OSS's version 2 (OSS2): sign by version 4 (OSS4-HMAC-SHA256) or 1 (OSS)";
const S3 = "S3 (AWS4-HMAC-SHA256 and AWS): use an SDK of OSS, which signs by OSS's version 4";

/**
 * Throws NotImplemented for OSS signatures that are not verified here: the client must learn which
 * one, not that its key or its date is wrong.
 */
export function refuseOtherSignatures({ headers, query }: OssRequest): void {
  const header = headers.get('authorization') ?? '';
  if (/^OSS2\b/i.test(header) || query.bytes('x-oss-signature-version') === 'OSS2')
    throw notImplemented(`signatures of ${V2}`);
  const names = query.all.map(({ name }) => name.toLowerCase());
  const isS3 = names.some((name) => name.startsWith('x-amz-') || name === 'awsaccesskeyid');
  if (/^AWS(?:4-HMAC-SHA256)?\s/i.test(header) || isS3) throw notImplemented(`signatures of ${S3}`);
}

/** Does the same for a form's fields by their lower-case names. */
export function refuseOtherFormSignatures(fields: ReadonlyMap<string, string>): void {
  if (fields.get('x-oss-signature-version') === 'OSS2') throw notImplemented(`signatures of ${V2}`);
  if (fields.has('awsaccesskeyid') || fields.has('x-amz-signature'))
    throw notImplemented(`signatures of ${S3}`);
}
