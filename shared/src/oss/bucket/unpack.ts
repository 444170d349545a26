import { constants } from 'node:buffer';
import { promisify } from 'node:util';
import type { BrotliOptions, ZlibOptions } from 'node:zlib';
import { AppError } from '../../errors/errors.ts';
import { invalidEncoding, type Operation } from './errors.ts';

/** The Content-Encodings that are unpacked. Content with any other is returned as stored. */
const PACKED = /^(?:gzip|deflate|br)$/i;

/** Returns whether content stored with this encoding is unpacked. */
export function isPacked(contentEncoding: string | undefined): boolean {
  return PACKED.test(contentEncoding?.trim() ?? '');
}

/** Returns whether ali-oss has unpacked the content by itself: it does not know Brotli. */
export function isUnpackedBySdk(contentEncoding: string | undefined): boolean {
  return isPacked(contentEncoding) && !isBrotli(contentEncoding);
}

/**
 * Unpacks at most `maxBytes`. Throws a ServiceError (`UnexpectedAnswer`, not retryable) for bytes that are
 * not packed that way, and an AppError (`ObjectTooLarge`).
 */
export async function unpack(
  packed: Buffer,
  contentEncoding: string | undefined,
  operation: Operation & { key: string },
  maxBytes: number = constants.MAX_LENGTH,
): Promise<Buffer> {
  if (packed.length === 0) return packed;
  const { brotliDecompress, unzip } = await import('node:zlib');
  // At least one byte: zlib does not accept a limit of 0.
  const limit = { maxOutputLength: Math.max(1, maxBytes) };
  try {
    const content = isBrotli(contentEncoding)
      ? await promisify<Buffer, BrotliOptions, Buffer>(brotliDecompress)(packed, limit)
      : await promisify<Buffer, ZlibOptions, Buffer>(unzip)(packed, limit);
    if (content.length <= maxBytes) return content;
  } catch (cause) {
    if (!isOverLimit(cause)) throw invalidEncoding(operation, cause);
  }
  throw tooLarge(operation.key, maxBytes);
}

export function tooLarge(key: string, maxBytes: number): AppError {
  return new AppError(`Object "${key}" has more than ${maxBytes} bytes`, {
    code: 'ObjectTooLarge',
    remedy: 'read it as a stream, or raise the limit',
  });
}

function isBrotli(contentEncoding = ''): boolean {
  return contentEncoding.trim().toLowerCase() === 'br';
}

function isOverLimit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
