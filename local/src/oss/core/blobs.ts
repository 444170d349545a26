import { createHash, type Hash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { realClock } from '../../clock.ts';
import { isFullDisk, WriteReports } from '../../data/not-written.ts';
import { OssError } from '../errors.ts';
import type { Segment } from '../store/types.ts';
import { BatchWriter } from './batch-writer.ts';
import { type Crc64, startCrc64 } from './crc64.ts';

/** Folder of the files, within the service's folder. */
const BLOBS = 'blobs';
const READ_CHUNK_BYTES = 256 * 1024;
/** Age after which an unreferenced file is no longer taken for another process's unfinished one. */
const ORPHAN_AFTER_MS = 60 * 60_000;

export interface WrittenBlob {
  segment: Segment;
  /** Upper-case hex. */
  md5: string;
  crc64: string;
}

export interface BlobsOptions {
  /** Whether a file is synced to the disk before it is renamed to its final name. */
  durable: boolean;
  /** Whether its name is synced to the disk too before it counts as written. */
  sync?: boolean;
}

/**
 * Content in files, each written once and never changed. A name consists of hashes and random
 * digits, so no object key can lead out of the folder.
 */
export class Blobs {
  readonly #folder: string;
  readonly #temporary: string;
  readonly #durable: boolean;
  readonly #sync: boolean;
  readonly #reports: WriteReports;
  readonly #madeFolders = new Set<string>();
  readonly #readers = new Map<string, number>();
  readonly #removeWhenRead = new Set<string>();
  readonly #removals = new Set<Promise<void>>();

  private constructor(folder: string, { durable, sync = false }: BlobsOptions) {
    this.#folder = join(folder, BLOBS);
    this.#temporary = join(folder, 'tmp');
    this.#durable = durable;
    this.#sync = sync && process.platform !== 'win32'; // where folders cannot be flushed
    this.#reports = new WriteReports(folder);
  }

  static async open(folder: string, options: BlobsOptions): Promise<Blobs> {
    const blobs = new Blobs(folder, options);
    await mkdir(blobs.#folder, { recursive: true });
    await mkdir(blobs.#temporary, { recursive: true });
    if (blobs.#sync) await syncPath(folder);
    return blobs;
  }

  /**
   * Writes a new file and hashes it on the way. Throws EntityTooLarge after `limit` bytes, and
   * whatever `body` throws; the file is removed then.
   */
  async write(owner: string, body: AsyncIterable<Uint8Array>, limit: number): Promise<WrittenBlob> {
    const blob = await this.#newName(owner).catch((error) => this.#failed(error));
    const temporary = join(this.#temporary, blob);
    const md5 = createHash('md5');
    const crc64 = await startCrc64();
    try {
      const size = await this.#fill(temporary, body, limit, md5, crc64);
      await rename(temporary, this.#path(blob));
      if (this.#sync) await syncPath(this.#folderOf(blob));
      this.#reports.worked();
      return {
        segment: { blob, size },
        md5: md5.digest('hex').toUpperCase(),
        crc64: crc64.digest(),
      };
    } catch (error) {
      await rm(temporary, { force: true });
      return this.#failed(error);
    }
  }

  /** Throws DataNotWritten for a full disk, and any other error as it is. */
  #failed(error: unknown): never {
    throw isFullDisk(error) ? this.#reports.failed(error) : error;
  }

  async #fill(
    path: string,
    body: AsyncIterable<Uint8Array>,
    limit: number,
    md5: Hash,
    crc64: Crc64,
  ): Promise<number> {
    const file = await open(path, 'wx');
    const writer = new BatchWriter(file);
    try {
      let size = 0;
      for await (const chunk of body) {
        size += chunk.length;
        if (size > limit) throw new OssError('EntityTooLarge');
        const room = writer.write(chunk);
        md5.update(chunk);
        crc64.update(chunk);
        await room;
      }
      await writer.end();
      if (this.#durable) await file.datasync();
      return size;
    } finally {
      await writer.end().catch(() => {}); // the original error is already being thrown
      await file.close();
    }
  }

  /** Copies the content to new names; the file system shares the blocks where it can. */
  async duplicate(owner: string, segments: readonly Segment[]): Promise<Segment[]> {
    const copies: Segment[] = [];
    try {
      for (const { blob, size } of segments) {
        const copy = await this.#newName(owner);
        copies.push({ blob: copy, size });
        await link(this.#path(blob), this.#path(copy)).catch(async () => {
          await copyFile(this.#path(blob), this.#path(copy), constants.COPYFILE_FICLONE);
          if (this.#sync) await syncPath(this.#path(copy));
        });
        if (this.#sync) await syncPath(this.#folderOf(copy));
      }
      return copies;
    } catch (error) {
      this.remove(copies);
      return this.#failed(error);
    }
  }

  /**
   * Reads `length` bytes from `start` on. They stay readable until the stream is closed, even if
   * the files are removed meanwhile.
   */
  stream(segments: readonly Segment[], start: number, length: number): Readable {
    const release = this.hold(segments);
    return Readable.from(this.#read(segments, start, length), { objectMode: false }).once(
      'close',
      release,
    );
  }

  async *#read(
    segments: readonly Segment[],
    start: number,
    length: number,
  ): AsyncGenerator<Buffer, void> {
    let skip = start;
    let left = length;
    for (const { blob, size } of segments) {
      if (left === 0) return;
      const take = Math.min(size - skip, left);
      if (take > 0) {
        const range = { start: skip, end: skip + take - 1, highWaterMark: READ_CHUNK_BYTES };
        yield* createReadStream(this.#path(blob), range) as AsyncIterable<Buffer>;
        left -= take;
      }
      skip = Math.max(0, skip - size);
    }
  }

  /** Keeps files from being removed until the returned function is called. */
  hold(segments: readonly Segment[]): () => void {
    for (const { blob } of segments) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      for (const { blob } of segments) this.#release(blob);
    };
  }

  #release(blob: string): void {
    const readers = (this.#readers.get(blob) ?? 1) - 1;
    if (readers > 0) {
      this.#readers.set(blob, readers);
      return;
    }
    this.#readers.delete(blob);
    if (this.#removeWhenRead.delete(blob)) this.#unlink(blob);
  }

  /** Runs `work`, which records the files; deletes them if it throws. */
  async orRemove<T>(segments: readonly Segment[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.remove(segments);
      throw error;
    }
  }

  /** Removes files that nothing refers to any more, in the background. */
  remove(segments: readonly Segment[]): void {
    for (const { blob } of segments) {
      if (this.#readers.has(blob)) this.#removeWhenRead.add(blob);
      else this.#unlink(blob);
    }
  }

  #unlink(blob: string): void {
    const removal: Promise<void> = unlink(this.#path(blob))
      .catch(() => {}) // the next sweep removes it
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Resolves when all pending removals are done. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals);
  }

  /**
   * Removes what a killed process has left: half-written files, and whole ones that are not in
   * `used`.
   */
  async sweep(used: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#temporary))
      await removeOrphan(join(this.#temporary, name));
    for (const folder of await readdir(this.#folder))
      for (const name of await readdir(join(this.#folder, folder)))
        if (!used.has(name)) await removeOrphan(join(this.#folder, folder, name));
  }

  async #newName(owner: string): Promise<string> {
    const hash = createHash('sha256').update(owner, 'latin1').digest('hex').slice(0, 40);
    const folder = join(this.#folder, hash.slice(0, 2));
    if (!this.#madeFolders.has(folder)) {
      await mkdir(folder, { recursive: true });
      if (this.#sync) await syncPath(this.#folder);
      this.#madeFolders.add(folder);
    }
    return `${hash}-${randomUUID()}`;
  }

  #path(blob: string): string {
    return pathIn(this.#folder, blob);
  }

  #folderOf(blob: string): string {
    return dirname(this.#path(blob));
  }
}

/** Returns the path of a file in an OSS folder. */
export function blobPath(folder: string, blob: string): string {
  return pathIn(join(folder, BLOBS), blob);
}

function pathIn(blobs: string, blob: string): string {
  return join(blobs, blob.slice(0, 2), blob);
}

/** Syncs a file, or the names in a folder, to the disk. */
async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeOrphan(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && realClock.now() - found.mtimeMs > ORPHAN_AFTER_MS) await rm(path, { force: true });
}
