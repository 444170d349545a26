import { toBytes } from '../bytes.ts';
import { OssError } from '../errors.ts';
import { BUCKET_NAME_CHARACTERS, MAX_OBJECT_KEY_BYTES } from '../limits.ts';

const { min, max } = BUCKET_NAME_CHARACTERS;
/** A leading slash or backslash, a NUL, half of a surrogate pair. */
const FORBIDDEN = /^[/\\]|\0|[\uD800-\uDFFF]/u;
const BUCKET_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Throws InvalidBucketName unless the name is 3 to 63 lower-case letters, digits and hyphens, with
 * no hyphen at either end.
 */
export function checkBucketName(name: string): void {
  if (name.length < min || name.length > max || !BUCKET_NAME.test(name))
    throw new OssError('InvalidBucketName', { details: { BucketName: name } });
}

/**
 * Throws InvalidObjectName unless the key is 1 to 1023 bytes of UTF-8 that do not start with a
 * slash or backslash. NUL is refused.
 */
export function checkObjectKey(key: string): void {
  const length = Buffer.byteLength(key);
  if (length === 0 || length > MAX_OBJECT_KEY_BYTES || FORBIDDEN.test(key))
    throw new OssError('InvalidObjectName');
}

/**
 * Returns the id of an object: bucket and key with a NUL, which no name contains, between them, so
 * ids sort by bucket, then by key.
 */
export function objectId(bucket: string, key: string): string {
  return `${bucket}\0${toBytes(key)}`;
}

export function uploadRecordId(bucket: string, key: string, uploadId: string): string {
  return `${objectId(bucket, key)}\0${uploadId}`;
}

export function partId(uploadId: string, number: number): string {
  return `${uploadId}\0${String(number).padStart(5, '0')}`;
}
