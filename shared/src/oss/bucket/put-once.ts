import { createHash } from 'node:crypto';
import { hasCode, InvalidInputError } from '../../errors/errors.ts';
import type { OssClient } from './client.ts';
import { crc64 } from './crc64.ts';
import type { ObjectInfo, PutResult } from './types.ts';

export interface PutOnceResult extends Pick<PutResult, 'eTag' | 'crc64'> {
  outcome: 'stored' | 'already-stored';
}

/**
 * Stores `body` under `key` unless the key is taken (`x-oss-forbid-overwrite`). If the key holds the same
 * bytes (CRC-64 and size), as after a redelivery or a put whose answer was lost, returns `already-stored`
 * and writes nothing. If it holds other bytes, throws an InvalidInputError (`ObjectConflict`, status 409),
 * since overwriting would lose one of the two. Needs oss:PutObject and, for the comparison, oss:GetObject.
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
    const found = await bucket.headObject(key);
    const own = await crc64(bytes);
    if (isSame(found, bytes, own))
      return { outcome: 'already-stored', eTag: found.eTag, crc64: own };
    throw new InvalidInputError(`Object "${key}" exists with another content`, {
      code: 'ObjectConflict',
      status: 409,
      cause: error,
      remedy: 'compare the two: the same key was chosen for two different contents',
    });
  }
}

/**
 * Compares size and CRC-64, which OSS has of the bytes as they were sent, encrypted or not. Objects from
 * before OSS computed it are compared by their ETag, the MD5 of what was stored in one put.
 */
function isSame({ size, crc64: stored, eTag }: ObjectInfo, bytes: Uint8Array, own: string) {
  if (stored !== undefined) return size === bytes.length && stored === own;
  return eTag.toUpperCase() === createHash('md5').update(bytes).digest('hex').toUpperCase();
}
