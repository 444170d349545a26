import { promisify } from 'node:util';
import { AppError } from '../../errors/errors.ts';
import { invalidEncoding, type Operation } from './errors.ts';
import type { ObjectStream } from './types.ts';

/** A packed object may be a little larger than what it unpacks to. */
const PACKING_BYTES = 1024;

type Reading = Operation & { key: string };

/** The content of an opened object, unpacked, in at most `maxBytes`: see readObject. */
export async function gather(
  object: ObjectStream,
  operation: Reading,
  maxBytes: number,
): Promise<Buffer> {
  const isPacked = object.contentEncoding !== undefined;
  const limit = isPacked ? maxBytes + PACKING_BYTES : maxBytes;
  try {
    if (object.size > limit) throw tooLarge(operation, maxBytes);
    const bytes = await bytesOf(object, operation, limit);
    return isPacked ? await unpacked(bytes, object, operation, maxBytes) : bytes;
  } finally {
    object.body.destroy();
  }
}

/** The size is what the answer declares: it is held against what comes, too. */
async function bytesOf({ body }: ObjectStream, operation: Reading, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > limit) throw tooLarge(operation, limit);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function unpacked(
  bytes: Buffer,
  { contentEncoding = '' }: ObjectStream,
  operation: Reading,
  maxOutputLength: number,
): Promise<Buffer> {
  const { gunzip, inflate } = await import('node:zlib');
  const ways = { gzip: promisify(gunzip), deflate: promisify(inflate), identity: undefined };
  const name = contentEncoding.trim().toLowerCase();
  if (!Object.hasOwn(ways, name)) throw invalidEncoding(operation);
  try {
    // At least one byte: zlib takes no limit of none.
    const limit = { maxOutputLength: Math.max(1, maxOutputLength) };
    const content = await (ways[name as keyof typeof ways]?.(bytes, limit) ?? bytes);
    if (content.length <= maxOutputLength) return content;
  } catch (cause) {
    if (!isOverLimit(cause)) throw invalidEncoding(operation, cause);
  }
  throw tooLarge(operation, maxOutputLength);
}

function isOverLimit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function tooLarge({ key }: Reading, limit: number): AppError {
  return new AppError(`Object "${key}" has more than ${limit} bytes`, {
    code: 'ObjectTooLarge',
    remedy: 'read it as a stream, or raise the limit',
  });
}
