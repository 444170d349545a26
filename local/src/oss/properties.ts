import { fromBytes } from './bytes.ts';
import { DEFAULT_TYPE } from './content-types.ts';
import { checkObjectAcl } from './core/public-access.ts';
import { encryptionHeaders, readEncryption } from './encryption.ts';
import { invalidArgument, notImplemented } from './errors.ts';
import { MAX_USER_METADATA_BYTES } from './limits.ts';
import type { Headers } from './request.ts';
import type { BucketRecord, ObjectAcl, ObjectProperties, StorageClass } from './store/types.ts';
import { readTagging } from './tags.ts';

const OBJECT_ACLS = ['default', 'private', 'public-read', 'public-read-write'] as const;
export const BUCKET_ACLS = ['private', 'public-read', 'public-read-write'] as const;

const META = 'x-oss-meta-';
const KEPT_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];

/**
 * Reads the object properties of a put, a copy or an initiated upload; the content type is
 * `otherwise` unless the request names one. Throws InvalidArgument, InvalidTag,
 * InvalidEncryptionAlgorithmError or NotImplemented; AccessDenied for a public ACL in a bucket that
 * blocks public access.
 */
export function readProperties(
  headers: Headers,
  bucket: Pick<BucketRecord, 'storageClass' | 'encryption' | 'blockPublicAccess'>,
  otherwise = DEFAULT_TYPE,
): ObjectProperties {
  const encryption = readEncryption(headers) ?? bucket.encryption;
  return {
    headers: {
      'content-type': otherwise,
      ...keptHeaders(headers),
      ...encryptionHeaders(encryption),
    },
    meta: userMetadata(headers),
    acl: readObjectAcl(headers, bucket) ?? 'default',
    storageClass: readStorageClass(headers) ?? bucket.storageClass,
    tags: readTagging(headers.get('x-oss-tagging') ?? ''),
  };
}

/**
 * Reads the object's ACL. Throws InvalidArgument, or AccessDenied for a public one in a bucket that
 * blocks public access.
 */
export function readObjectAcl(
  headers: Headers,
  bucket: Pick<BucketRecord, 'blockPublicAccess'>,
): ObjectAcl | undefined {
  const acl = headers.oneOf('x-oss-object-acl', OBJECT_ACLS);
  if (acl !== undefined && acl !== 'default') checkObjectAcl(acl, bucket);
  return acl;
}

function keptHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers.get(name);
    if (value !== undefined && value !== '') kept[name] = checkHeaderValue(name, value);
  }
  return kept;
}

function userMetadata(headers: Headers): Record<string, string> {
  const meta: Record<string, string> = {};
  let size = 0;
  for (const [header, value = ''] of Object.entries(headers.all)) {
    if (!header.startsWith(META) || header === META) continue;
    size += header.length + value.length;
    meta[header.slice(META.length)] = checkHeaderValue(header, value);
  }
  if (size > MAX_USER_METADATA_BYTES)
    throw invalidArgument(META, `${size} bytes`, `give ${MAX_USER_METADATA_BYTES} bytes at most`);
  return meta;
}

/** Throws InvalidArgument for a value that could not be sent back as a header. `value` is bytes. */
export function checkHeaderValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw invalidArgument(name, fromBytes(value), 'give no control characters');
}

function readStorageClass(headers: Headers): StorageClass | undefined {
  const value = headers.oneOf('x-oss-storage-class', [
    'Standard',
    'IA',
    'Archive',
    'ColdArchive',
    'DeepColdArchive',
  ]);
  if (value === 'ColdArchive' || value === 'DeepColdArchive')
    throw notImplemented(`the storage class ${value}`);
  return value;
}
