import type { FileHandle } from 'node:fs/promises';

/** Small enough to stay in the processor's cache, large enough to be worth a system call. */
const BATCH_BYTES = 512 * 1024;

/**
 * Writes chunks in order, in batches: while one batch is being written the next is gathered, so
 * that reading, hashing and writing overlap.
 */
export class BatchWriter {
  readonly #file: FileHandle;
  #gathered: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Resolves when there is room for more, usually at once. Throws the error of an earlier write.
   */
  async write(chunk: Uint8Array): Promise<void> {
    this.#gathered.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < BATCH_BYTES) return;
    await this.#writing;
    this.#flush();
  }

  /** Resolves when everything is written. */
  async end(): Promise<void> {
    await this.#writing;
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    if (this.#gathered.length === 0) return;
    const batch = this.#gathered;
    this.#gathered = [];
    this.#bytes = 0;
    const writing = this.#writeAll(batch).then(() => {
      if (this.#writing === writing) this.#writing = undefined;
    });
    writing.catch(() => {}); // the next caller that awaits it gets the error
    this.#writing = writing;
  }

  async #writeAll(batch: Uint8Array[]): Promise<void> {
    let { bytesWritten } = await this.#file.writev(batch);
    // A disk that is nearly full takes less than it was given, then fails.
    for (const chunk of batch) {
      const done = Math.min(bytesWritten, chunk.length);
      bytesWritten -= done;
      if (done < chunk.length) await this.#file.writeFile(chunk.subarray(done));
    }
  }
}
