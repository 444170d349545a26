import hashWasm from 'hash-wasm/dist/crc32.umd.min.js';
import { hasCode } from '../../errors/errors.ts';
import type { OssClient } from '../bucket/client.ts';
import {
  dataDescriptor,
  directoryEntry,
  endOfZip,
  localHeader,
  type WrittenEntry,
  type ZipEntry,
} from './zip-records.ts';

/** An object to be put into a zip. */
export interface ArchivedObject extends ZipEntry {
  key: string;
  /** Without quotes. Another version of the object is not used. */
  eTag: string;
}

/** An object that is left out of the zip. */
export interface SkippedObject {
  key: string;
  /** `NoSuchKey`: it is gone. `PreconditionFailed`: it has changed since the archive was begun. */
  code: string;
}

/** The state of a zip at one of its bytes, as plain JSON. */
export interface ZipPosition {
  /** Bytes before it. */
  bytes: number;
  /** The object that comes next, or that is being written. */
  next: number;
  /**
   * The object being written: where it begins, how many of its bytes are written, and their CRC-32's state
   * in base64.
   */
  open?: { offset: number; sent: number; crc32: string };
  /** Number of directory entries written; absent before the directory. */
  directory?: number;
  /** Bytes of a record still to be written, in base64. */
  rest: string;
}

/** The contents of an archive, which do not depend on the position; lists only grow at the end. */
export interface ZipContents {
  objects: readonly ArchivedObject[];
  /** In the order they were written: number of the object, where it begins, its CRC-32. */
  written: [object: number, offset: number, crc32: number][];
  skipped: SkippedObject[];
}

/** A position with the numbers of entries written and skipped by then. */
export interface ZipState extends ZipPosition {
  written: number;
  skipped: number;
}

export const START: ZipPosition = { bytes: 0, next: 0, rest: '' };

/** Entries in one piece of the directory; entries are small. */
const DIRECTORY_PIECE = 500;

/**
 * Produces the bytes of a zip of objects, from a position on. No library is used, since none can continue
 * in another process: each keeps its state to itself. Entries are stored, so that every byte's place is
 * known; the position at each multiple of `partSize` is kept until it is forgotten.
 *
 * An object that is gone or has changed is left out; if that shows after its first byte, the bytes written
 * remain between two entries, and no directory entry refers to them.
 */
export class ZipSource {
  readonly #bucket: OssClient;
  readonly #contents: ZipContents;
  readonly #partSize: number;
  readonly #signal: AbortSignal;
  readonly #states = new Map<number, ZipState>();
  #position: ZipPosition;
  #crc32: Awaited<ReturnType<typeof hashWasm.createCRC32>> | undefined;

  constructor(
    bucket: OssClient,
    contents: ZipContents,
    position: ZipPosition,
    { partSize, signal }: { partSize: number; signal: AbortSignal },
  ) {
    this.#bucket = bucket;
    this.#contents = contents;
    this.#position = structuredClone(position);
    this.#partSize = partSize;
    this.#signal = signal;
  }

  /** Returns the state after that many parts; undefined if it has not been reached, or is forgotten. */
  stateAfter(parts: number): ZipState | undefined {
    return this.#states.get(parts);
  }

  /** Forgets the states before that many parts. */
  forget(parts: number): void {
    for (const number of this.#states.keys()) if (number < parts) this.#states.delete(number);
  }

  async *bytes(): AsyncGenerator<Buffer> {
    const rest = Buffer.from(this.#position.rest, 'base64');
    this.#position.rest = '';
    yield* this.#record(rest);
    const { objects } = this.#contents;
    for (let object = objects[this.#position.next]; object; object = objects[this.#position.next])
      yield* this.#entry(object);
    yield* this.#directory();
  }

  async *#entry(object: ArchivedObject): AsyncGenerator<Buffer> {
    try {
      yield* this.#content(object);
    } catch (error) {
      if (!hasCode(error, 'NoSuchKey') && !hasCode(error, 'PreconditionFailed')) throw error;
      this.#contents.skipped.push({ key: object.key, code: error.code });
      this.#close();
      return;
    }
    const { open, next } = this.#position;
    const crc32 = Number.parseInt((await this.#hasher()).digest(), 16);
    const { size } = object;
    this.#contents.written.push([next, open?.offset ?? 0, crc32]);
    this.#close();
    yield* this.#record(dataDescriptor({ size, crc32 }));
  }

  #close(): void {
    delete this.#position.open;
    this.#position.next++;
  }

  async *#content(object: ArchivedObject): AsyncGenerator<Buffer> {
    const { key, eTag, size } = object;
    const hasher = await this.#hasher();
    const from = this.#position.open?.sent ?? 0;
    const body =
      from < size || size === 0
        ? await this.#bucket.getObjectStream(key, {
            ifMatch: eTag,
            signal: this.#signal,
            ...(from > 0 && { range: { start: from } }),
          })
        : undefined;
    if (!this.#position.open) {
      hasher.init();
      const offset = this.#position.bytes;
      this.#position.open = { offset, sent: 0, crc32: '' };
      yield* this.#record(localHeader(object));
    }
    const { open } = this.#position;
    if (body)
      for await (const piece of body.body as AsyncIterable<Buffer>)
        yield* this.#inParts(piece, (bytes) => {
          hasher.update(bytes);
          open.sent += bytes.length;
        });
  }

  /** Returns the CRC-32 of the object being written, restored from the position if it has one. */
  async #hasher() {
    if (this.#crc32) return this.#crc32;
    this.#crc32 = await hashWasm.createCRC32();
    const state = this.#position.open?.crc32;
    if (state) this.#crc32.load(Buffer.from(state, 'base64'));
    return this.#crc32;
  }

  async *#directory(): AsyncGenerator<Buffer> {
    const { written } = this.#contents;
    const entries = (from: number, to: number) =>
      written.slice(from, to).map((one) => this.#directoryEntry(one));
    this.#position.directory ??= 0;
    for (
      let from = this.#position.directory;
      from < written.length;
      from = this.#position.directory
    ) {
      this.#position.directory = Math.min(from + DIRECTORY_PIECE, written.length);
      yield* this.#record(Buffer.concat(entries(from, this.#position.directory)));
    }
    if (this.#position.directory > written.length) return;
    this.#position.directory++;
    let size = 0;
    for (const one of written) size += this.#directoryEntry(one).length;
    const offset = this.#position.bytes - size;
    yield* this.#record(endOfZip({ offset, size, entries: written.length }));
  }

  #directoryEntry([object, offset, crc32]: ZipContents['written'][number]): Buffer {
    const entry = this.#contents.objects[object] as WrittenEntry & ArchivedObject;
    return directoryEntry({ ...entry, offset, crc32 });
  }

  /** Writes bytes that a position can keep. */
  async *#record(bytes: Buffer): AsyncGenerator<Buffer> {
    let done = 0;
    yield* this.#inParts(bytes, (part) => {
      done += part.length;
      this.#position.rest = bytes.subarray(done).toString('base64');
    });
    this.#position.rest = '';
  }

  /** Yields pieces that end where parts do; `account` records each in the position before it is yielded. */
  *#inParts(bytes: Buffer, account: (part: Buffer) => void): Generator<Buffer> {
    for (let at = 0; at < bytes.length; ) {
      const room = this.#partSize - (this.#position.bytes % this.#partSize);
      const part = bytes.subarray(at, at + room);
      at += part.length;
      account(part);
      this.#position.bytes += part.length;
      if (this.#position.bytes % this.#partSize === 0) this.#keep();
      yield part;
    }
  }

  #keep(): void {
    const { open, ...position } = this.#position;
    const crc32 = open && this.#crc32 ? Buffer.from(this.#crc32.save()).toString('base64') : '';
    this.#states.set(position.bytes / this.#partSize, {
      ...position,
      ...(open && { open: { ...open, crc32 } }),
      written: this.#contents.written.length,
      skipped: this.#contents.skipped.length,
    });
  }
}
