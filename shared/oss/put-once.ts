import { createHash } from 'node:crypto';
import { AppError, hasCode } from '../errors.ts';
import type { OssClient } from './client.ts';

/**
 * Stores `body` under `key` unless the key is taken (`x-oss-forbid-overwrite`). Taken by the same
 * bytes, as after a redelivery: `already-stored`, and nothing is written. Taken by other bytes: an
 * AppError (`ObjectConflict`), since overwriting would lose one of the two. Needs oss:PutObject
 * and, for the comparison, oss:GetObject.
 */
export async function putOnce(
  bucket: OssClient,
  key: string,
  body: string | Uint8Array,
  contentType: string,
): Promise<'stored' | 'already-stored'> {
  try {
    await bucket.putObject(key, body, { contentType, forbidOverwrite: true });
    return 'stored';
  } catch (error) {
    if (!hasCode(error, 'FileAlreadyExists')) throw error;
    const { eTag } = await bucket.headObject(key);
    if (eTag?.replaceAll('"', '').toUpperCase() === md5(body)) return 'already-stored';
    throw new AppError(`Object "${key}" exists with another content`, {
      code: 'ObjectConflict',
      cause: error,
      remedy: 'compare the two: whoever chose the key gave it to two different things',
    });
  }
}

/** The ETag of an object stored in one put. */
function md5(body: string | Uint8Array): string {
  return createHash('md5').update(body).digest('hex').toUpperCase();
}
