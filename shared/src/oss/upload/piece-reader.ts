import { Readable } from 'node:stream';
import { InvalidInputError } from '../../errors/errors.ts';
import type { UploadSource } from './types.ts';

const PIECE_BYTES = 512 * 1024;
const NOTHING = Buffer.alloc(0);

/** Reads a source that gives its bytes in pieces of its own choice. */
export class PieceReader {
  readonly #source: UploadSource;
  readonly #pieces: Iterator<unknown> | AsyncIterator<unknown>;
  /** Bytes received that nothing has been filled with yet. */
  #rest: Buffer;

  /** Throws an InvalidInputError (`InvalidSource`) for a source that gives no bytes. */
  constructor(source: UploadSource) {
    this.#source = source;
    this.#rest = askForMuch(source);
    this.#pieces = iteratorOf(source);
  }

  /** Fills a buffer as far as there are bytes. Rejects with what the source throws. */
  async fill(buffer: Buffer): Promise<Buffer> {
    let filled = 0;
    while (filled < buffer.length) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#pieces.next();
        if (done) break;
        this.#rest = asBuffer(value);
      }
      const copied = this.#rest.copy(buffer, filled);
      filled += copied;
      this.#rest = this.#rest.subarray(copied);
    }
    return buffer.subarray(0, filled);
  }

  /** Releases the source. Does not wait for it, since it may hang. */
  close(): void {
    const source: object = this.#source;
    if ('destroy' in source && typeof source.destroy === 'function') source.destroy();
    else if (this.#pieces.return) void Promise.resolve(this.#pieces.return()).catch(() => {});
  }
}

/**
 * Reads more from a Node stream than its buffer holds, so that Node enlarges the buffer: a file then comes
 * in fewer pieces, in two thirds of the time. Returns what was buffered before.
 */
function askForMuch(source: UploadSource): Buffer {
  if (!(source instanceof Readable) || source.readableObjectMode || source.readableEncoding)
    return NOTHING;
  const found: Buffer | null = source.read(PIECE_BYTES);
  return found ?? NOTHING;
}

function iteratorOf(source: UploadSource): Iterator<unknown> | AsyncIterator<unknown> {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    if (Symbol.iterator in source) return source[Symbol.iterator]();
  }
  throw invalidSource(`Source is ${source === null ? 'null' : typeof source}`);
}

/** Returns bytes as a Buffer of the same memory. Throws an InvalidInputError (`InvalidSource`). */
export function asBuffer(bytes: unknown): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  if (bytes instanceof Uint8Array)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw invalidSource(`Source gave a ${typeof bytes}`);
}

function invalidSource(message: string): InvalidInputError {
  return new InvalidInputError(message, {
    code: 'InvalidSource',
    remedy: 'give a Buffer, a Uint8Array, or a stream of them with no encoding set',
  });
}
