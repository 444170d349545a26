import { createHash } from 'node:crypto';
import { hasCode, InvalidInputError } from '../../errors/errors.ts';
import type { OssClient } from './client.ts';
import { crc64 } from './crc64.ts';
import type { PutResult } from './types.ts';

export interface PutOnceResult extends Pick<PutResult, 'eTag' | 'crc64'> {
  outcome: 'stored' | 'already-stored';
}

/**
 * Stores `body` under `key` unless the key is taken (`x-oss-forbid-overwrite`). Taken by the same
 * bytes, as after a redelivery or a put whose answer got lost: `already-stored`, and nothing is
 * written. Taken by other bytes: an InvalidInputError (`ObjectConflict`, status 409), since overwriting would lose one of
 * the two. Needs oss:PutObject and, for the comparison, oss:GetObject.
 */
export async function putOnce(
  bucket: OssClient,
  key: string,
  body: string | Uint8Array,
  contentType: string,
): Promise<PutOnceResult> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  try {
    const stored = await bucket.putObject(key, bytes, { contentType, forbidOverwrite: true });
    return { outcome: 'stored', eTag: stored.eTag, crc64: stored.crc64 };
  } catch (error) {
    if (!hasCode(error, 'FileAlreadyExists')) throw error;
    const { eTag } = await bucket.headObject(key);
    if (eTag.toUpperCase() === md5(bytes))
      return { outcome: 'already-stored', eTag, crc64: await crc64(bytes) };
    throw new InvalidInputError(`Object "${key}" exists with another content`, {
      code: 'ObjectConflict',
      status: 409,
      cause: error,
      remedy: 'compare the two: whoever chose the key gave it to two different things',
    });
  }
}

/** The ETag of an object stored in one put. */
function md5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex').toUpperCase();
}
