import { MAX_BUCKET_TAG_CHARACTERS, MAX_BUCKET_TAGS } from '../../oss/limits.ts';
import type { Fields } from '../fields.ts';
import type { Warn } from '../findings.ts';
import type { BucketSpec } from '../types.ts';

/**
 * Reads the Tags of an ALIYUN::OSS::Bucket, a map of keys and values; undefined when there are
 * none.
 */
export function readTags(bucket: Fields): BucketSpec['tags'] {
  const tags = bucket.map('Tags');
  if (!tags) return undefined;
  if (tags.keys.length > MAX_BUCKET_TAGS)
    throw bucket.fault('Tags', `has ${tags.keys.length}`, `give ${MAX_BUCKET_TAGS} at most`);
  return tags.keys.map((key): [string, string] => {
    const tree = tags.require(key);
    if (tree.kind !== 'scalar') throw tags.wrong(key, tree, 'write a text');
    const value = String(tree.value);
    const { key: longestKey, value: longestValue } = MAX_BUCKET_TAG_CHARACTERS;
    if (key.length > longestKey || value.length > longestValue)
      throw tags.fault(
        key,
        'is too long',
        `give ${longestKey} characters for the key and ${longestValue} for the value at most`,
      );
    return [key, value];
  });
}

/**
 * Reads the default encryption from the ServerSideEncryptionConfiguration of an
 * ALIYUN::OSS::Bucket; undefined for a key service, with a warning, and when there is none.
 */
export function readEncryption(bucket: Fields, warn: Warn): BucketSpec['encryption'] {
  const key = 'ServerSideEncryptionConfiguration';
  const configuration = bucket.map(key)?.only(['SSEAlgorithm', 'KMSMasterKeyID']);
  if (!configuration) return undefined;
  configuration.require('SSEAlgorithm');
  const algorithm = configuration.oneOf('SSEAlgorithm', ['AES256', 'KMS', 'SM4']);
  if (algorithm === 'AES256') return algorithm;
  warn(configuration.source, `${bucket.owner}: ${key} with ${algorithm} has no effect here`);
  return undefined;
}
