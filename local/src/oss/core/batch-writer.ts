import type { FileHandle } from 'node:fs/promises';

/** Few enough to stay in the processor's cache, many enough for a system call. */
const BATCH_BYTES = 512 * 1024;

/** Writes chunks one after the other, in batches: while one is being written the next is gathered, so that reading, hashing and writing go on together. */
export class BatchWriter {
  readonly #file: FileHandle;
  #gathered: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Resolves when there is room for more, which is mostly at once. Throws what a write before it threw. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#gathered.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < BATCH_BYTES) return;
    await this.#writing;
    this.#flush();
  }

  /** Resolves when all is written. */
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
    writing.catch(() => {}); // thrown to whoever waits for it next
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
