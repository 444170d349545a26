import * as fs from 'node:fs';

/** What fs.ReadStream has and its types leave out. */
interface Inside {
  fd: number | null;
  /** The next byte that the stream itself reads; undefined for wherever the descriptor is. */
  pos?: number;
  /** First byte, if given. */
  start?: number;
  /** Last byte. */
  end?: number;
}

/** Those read here. Node documents none of them but `fd`, by the event `open`: a stream without one reads itself. */
const INSIDE: readonly (keyof Inside)[] = ['fd', 'pos', 'start', 'end'];

/**
 * Reads the file of a stream by the stream's descriptor, straight into buffers that are used again: the
 * stream would take a new one for each piece, and the pieces would have to be copied.
 */
export class FileReader {
  /** Bytes that the stream has, unless the file changes. */
  readonly size: number;
  readonly #stream: fs.ReadStream & Inside;
  #position: number;
  #reading: Promise<unknown> = Promise.resolve();
  #isOver = false;
  #isClosed = false;

  private constructor(stream: fs.ReadStream & Inside, fileSize: number) {
    const { start = 0, end = Number.POSITIVE_INFINITY } = stream;
    this.#stream = stream;
    this.#position = start;
    this.size = Math.max(0, Math.min(end + 1, fileSize) - start);
  }

  /**
   * Opens a stream for which canBe holds; undefined for what is no regular file, which only the stream
   * itself can read. Rejects if the file cannot be opened.
   */
  static async open(stream: fs.ReadStream): Promise<FileReader | undefined> {
    const inside = stream as fs.ReadStream & Inside;
    stream.on('error', () => {}); // what meets it throws it
    if (stream.pending && !stream.destroyed) await opened(stream);
    const { fd } = inside;
    if (fd === null) throw cutOff(stream);
    const stats = await new Promise<fs.Stats>((resolve, reject) => {
      fs.fstat(fd, (error, found) => (error ? reject(cutOff(stream, error)) : resolve(found)));
    });
    return stats.isFile() ? new FileReader(inside, stats.size) : undefined;
  }

  /**
   * Returns whether a source is a file's stream that has not begun, that reads by Node's own functions, and
   * whose first byte is known: one of a descriptor, such as standard input, begins wherever that is.
   */
  static canBe(source: unknown): source is fs.ReadStream {
    return (
      // Asking for the class loads Node's file streams, and their promises: each of its streams has `fd`.
      typeof source === 'object' &&
      source !== null &&
      'fd' in source &&
      source instanceof fs.ReadStream &&
      Object.getPrototypeOf(source) === fs.ReadStream.prototype &&
      !Object.hasOwn(source, '_read') &&
      (source.path !== undefined || (source as fs.ReadStream & Inside).start !== undefined) &&
      INSIDE.every((member) => Object.hasOwn(source, member)) &&
      usesNode(source) &&
      source.readableFlowing === null &&
      source.listenerCount('readable') === 0 &&
      source.readableEncoding === null &&
      source.bytesRead === 0
    );
  }

  /** Fills a buffer as far as there are bytes. Rejects with what the stream was destroyed with. */
  async fill(buffer: Buffer): Promise<Buffer> {
    let filled = 0;
    while (filled < buffer.length && !this.#isOver) {
      const reading = this.#read(buffer.subarray(filled));
      this.#reading = reading.catch(() => {});
      const read = await reading;
      filled += read;
      this.#position += read;
      this.#stream.bytesRead += read; // for who shows progress by it
      if (read === 0) this.#finish();
    }
    return buffer.subarray(0, filled);
  }

  /** Closes the file, after a read in progress: its descriptor could be another file's by then. */
  close(): void {
    this.#isClosed = true;
    const stream = this.#stream;
    const isEnding = this.#isOver && !stream.readableEnded && !stream.destroyed;
    if (isEnding) stream.once('end', () => stream.destroy());
    else void this.#reading.then(() => stream.destroy());
  }

  #read(buffer: Buffer): Promise<number> {
    const { fd, destroyed, end = Number.POSITIVE_INFINITY } = this.#stream;
    const length = Math.min(buffer.length, end + 1 - this.#position);
    return new Promise((resolve, reject) => {
      if (destroyed || fd === null || this.#isClosed) return reject(cutOff(this.#stream));
      if (length <= 0) return resolve(0);
      fs.read(fd, buffer, 0, length, this.#position, (error, read) => {
        if (this.#stream.destroyed) reject(cutOff(this.#stream, error));
        else if (error) reject(error);
        else resolve(read);
      });
    });
  }

  /** Lets the stream find its end itself, with its events. */
  #finish(): void {
    this.#isOver = true;
    this.#stream.pos = this.#position;
    this.#stream.resume();
  }
}

/** A stream is given another's functions by its option `fs`, which it keeps under a symbol. */
function usesNode(stream: fs.ReadStream): boolean {
  const key = Object.getOwnPropertySymbols(stream).find((one) => one.description === 'kFs');
  const functions = key && (Reflect.get(stream, key) as typeof fs);
  return functions?.read === fs.read && functions.open === fs.open;
}

/** Resolves when the file is open, or will not be. */
function opened(stream: fs.ReadStream): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['open', 'error', 'close']) stream.once(event, () => resolve());
  });
}

function cutOff(stream: fs.ReadStream, cause?: unknown): Error {
  return stream.errored ?? new Error('Stream was closed before its end', { cause });
}
