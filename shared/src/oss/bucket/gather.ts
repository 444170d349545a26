import type { Operation } from './errors.ts';
import type { ObjectStream } from './types.ts';
import { isPacked, tooLarge, unpack } from './unpack.ts';

/** A packed object may be a little larger than its unpacked content. */
const PACKING_BYTES = 1024;

type Reading = Operation & { key: string };

/** Returns the content of an opened object, unpacked, at most `maxBytes` of it: see readObject. */
export async function gather(
  object: ObjectStream,
  operation: Reading,
  maxBytes: number,
): Promise<Buffer> {
  const { contentEncoding } = object;
  const packed = isPacked(contentEncoding);
  const limit = packed ? maxBytes + PACKING_BYTES : maxBytes;
  try {
    if (object.size > limit) throw tooLarge(operation.key, maxBytes);
    const bytes = await bytesOf(object, operation, limit);
    return packed ? await unpack(bytes, contentEncoding, operation, maxBytes) : bytes;
  } finally {
    object.body.destroy();
  }
}

/** Reads the bytes up to the limit. The answer's declared size is checked first, and then what really comes. */
async function bytesOf({ body }: ObjectStream, { key }: Reading, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > limit) throw tooLarge(key, limit);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
