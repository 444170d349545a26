import { Readable } from 'node:stream';
import { InvalidInputError } from '../../errors/errors.ts';
import type { UploadSource } from './types.ts';

/** A piece of the source; `bytes` is a view into the buffer it was read with, or into the source. */
export interface Part {
  /** From 1. */
  number: number;
  bytes: Buffer;
}

const PIECE_BYTES = 512 * 1024;
const NOTHING = Buffer.alloc(0);

/** Returns a buffer for reading parts of that source; bytes already in memory are not copied. */
export function partBuffer(source: UploadSource, partSize: number): Buffer {
  return source instanceof Uint8Array ? NOTHING : Buffer.allocUnsafeSlow(partSize);
}

/** Cuts a source into parts. */
export class PartReader {
  readonly #source: UploadSource;
  readonly #pieces: Iterator<unknown> | AsyncIterator<unknown>;
  /** Bytes received that belong to the next part. */
  #rest: Buffer = NOTHING;
  #number: number;
  readonly #before: number;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * `before` is the number of the part before the source's first. Throws an InvalidInputError
   * (`InvalidSource`) for a source that gives no bytes; if that shows only later, `read` rejects with it.
   */
  constructor(source: UploadSource, before = 0) {
    this.#source = source;
    this.#number = before;
    this.#before = before;
    if (typeof source === 'object' && source !== null) checkUnread(source);
    this.#rest = askForMuch(source);
    this.#pieces = iteratorOf(source);
  }

  /**
   * Returns the next part, of `partSize` bytes unless it is the last, or undefined at the end. Waits while
   * another part is being read. Rejects with what the source throws.
   */
  read(buffer: Buffer, partSize: number): Promise<Part | undefined> {
    const turn = this.#turn.then(() => this.#next(buffer, partSize));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Releases a source that is not read to its end. Does not wait for it, since it may hang. */
  close(): void {
    const source: object = this.#source;
    if ('destroy' in source && typeof source.destroy === 'function') source.destroy();
    else if (this.#pieces.return) void Promise.resolve(this.#pieces.return()).catch(() => {});
  }

  async #next(buffer: Buffer, partSize: number): Promise<Part | undefined> {
    const bytes =
      this.#source instanceof Uint8Array
        ? this.#slice(this.#source, partSize)
        : await this.#fill(buffer, partSize);
    return bytes.length > 0 ? { number: ++this.#number, bytes } : undefined;
  }

  #slice(source: Uint8Array, partSize: number): Buffer {
    const start = (this.#number - this.#before) * partSize;
    return asBuffer(source).subarray(start, start + partSize);
  }

  async #fill(buffer: Buffer, partSize: number): Promise<Buffer> {
    let filled = 0;
    while (filled < partSize) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#pieces.next();
        if (done) break;
        this.#rest = asBuffer(value);
      }
      const copied = this.#rest.copy(buffer, filled, 0, partSize - filled);
      filled += copied;
      this.#rest = this.#rest.subarray(copied);
    }
    return buffer.subarray(0, filled);
  }
}

/**
 * Throws for a stream that has been read from: it lacks its beginning, or has nothing left, so what is
 * stored would not be the source. Applies to Node's streams and to web streams, such as the body of a
 * fetch.
 */
function checkUnread(source: UploadSource): void {
  const stream = source as Readable & ReadableStream;
  const isLocked = 'locked' in stream && stream.locked === true;
  const wrong =
    (Readable.isDisturbed(stream) && 'has been read from before') ||
    (isLocked && 'is locked to another reader') ||
    (source instanceof Readable && source.destroyed && 'is destroyed');
  if (!wrong) return;
  throw new InvalidInputError(`Source ${wrong}`, {
    code: 'InvalidSource',
    remedy: 'give a new stream; what has been read of one, by a generator that gives that first',
  });
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

function asBuffer(bytes: unknown): Buffer {
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
