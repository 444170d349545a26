import type * as fs from 'node:fs';
import { Readable } from 'node:stream';
import { InvalidInputError } from '../../errors/errors.ts';
import { FileReader } from './file-reader.ts';
import { asBuffer, PieceReader } from './piece-reader.ts';
import type { UploadSource } from './types.ts';

/** A piece of the source; `bytes` is a view into the buffer it was read with, or into the source. */
export interface Part {
  /** From 1. */
  number: number;
  bytes: Buffer;
}

/** Returns a buffer for reading parts of that source; bytes already in memory are not copied. */
export function partBuffer(source: UploadSource, partSize: number): Buffer {
  return source instanceof Uint8Array ? Buffer.alloc(0) : Buffer.allocUnsafeSlow(partSize);
}

/** Cuts a source into parts. */
export class PartReader {
  readonly #source: UploadSource;
  /** Undefined for bytes in memory, and for a file's stream until it is open. */
  #reader: PieceReader | FileReader | undefined;
  #opening: Promise<unknown> | undefined;
  #number = 0;
  #before = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Throws an InvalidInputError (`InvalidSource`) for a source that gives no bytes; if that shows only
   * later, `read` rejects with it.
   */
  constructor(source: UploadSource) {
    this.#source = source;
    if (typeof source === 'object' && source !== null) checkUnread(source);
    if (FileReader.canBe(source)) this.#opening = this.#open(source);
    else if (!(source instanceof Uint8Array)) this.#reader = new PieceReader(source);
    this.#opening?.catch(() => {}); // thrown by the first use
  }

  /** Takes the number of the part before the source's first, 0 unless it is called; before `read` is. */
  beginAfter(number: number): void {
    this.#number = number;
    this.#before = number;
  }

  /** Returns the source's number of bytes, undefined if it shows only at the end. Rejects with what the source throws. */
  async size(): Promise<number | undefined> {
    if (this.#source instanceof Uint8Array) return this.#source.length;
    await this.#opening;
    return this.#reader instanceof FileReader ? this.#reader.size : undefined;
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
    if (this.#reader) this.#reader.close();
    else if (this.#source instanceof Readable) this.#source.destroy();
  }

  async #open(source: fs.ReadStream): Promise<void> {
    this.#reader = (await FileReader.open(source)) ?? new PieceReader(source);
  }

  async #next(buffer: Buffer, partSize: number): Promise<Part | undefined> {
    const bytes =
      this.#source instanceof Uint8Array
        ? this.#slice(this.#source, partSize)
        : await this.#fill(buffer.subarray(0, partSize));
    return bytes && bytes.length > 0 ? { number: ++this.#number, bytes } : undefined;
  }

  #slice(source: Uint8Array, partSize: number): Buffer {
    const start = (this.#number - this.#before) * partSize;
    return asBuffer(source).subarray(start, start + partSize);
  }

  async #fill(buffer: Buffer): Promise<Buffer | undefined> {
    await this.#opening;
    return this.#reader?.fill(buffer);
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
