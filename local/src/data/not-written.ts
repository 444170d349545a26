import { statfsSync } from 'node:fs';
import { LocalCloudError } from '../errors.ts';

const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT', 28, 122]);
/** With less than this free, a write that grows the file is not retried after a failure. */
const ROOM_BYTES = 64 * 1024;

/** The data folder could not be written to; none of the write has happened. */
export class DataNotWritten extends LocalCloudError {
  override readonly name = 'DataNotWritten';
  /** Message for a client: nothing was done, and why. */
  readonly toClient: string;
  readonly isFull: boolean;

  constructor(folder: string, cause: unknown) {
    // To LMDB, a partial write is an input/output error.
    const isFull = isFullDisk(cause) || !hasRoom(folder);
    const text = cause instanceof Error ? cause.message : String(cause);
    const reason = isFull ? 'the disk is full' : text;
    super(
      'DataNotWritten',
      `"${folder}" cannot be written to: ${reason}`,
      isFull ? 'make room on its disk; what needs no room still works' : 'check its disk',
      { cause },
    );
    this.isFull = isFull;
    this.toClient = `Nothing of the request was done: the data folder cannot be written to (${reason}).`;
  }
}

/** Returns whether an error of the file system means that there is no room. */
export function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FULL.has(error.code);
}

/**
 * Reports once when a folder cannot be written to, and once when it can again, however many
 * requests fail in between.
 */
export class WriteReports {
  readonly #folder: string;
  readonly #say: (line: string) => void;
  #said = false;
  #last: DataNotWritten | undefined;

  constructor(folder: string, say: (line: string) => void = (line) => console.error(line)) {
    this.#folder = folder;
    this.#say = say;
  }

  /** Runs `write`, which throws when it has written nothing; that becomes DataNotWritten. `grows`: it needs more room, and is not tried while there is none. */
  run(write: () => void, grows: boolean): void {
    if (grows && this.#last?.isFull && !hasRoom(this.#folder)) throw this.#last;
    try {
      write();
    } catch (cause) {
      throw this.failed(cause);
    }
    this.#last = undefined;
    if (grows) this.worked();
  }

  /** Records that a write has succeeded. */
  worked(): void {
    if (this.#said) this.#say(`"${this.#folder}" can be written to again`);
    this.#said = false;
  }

  /** Returns the error for a failed write, and reports the first one. */
  failed(cause: unknown): DataNotWritten {
    const error = cause instanceof DataNotWritten ? cause : new DataNotWritten(this.#folder, cause);
    this.#last = error;
    // LMDB has already printed the beginning of a line.
    const start = String(error.cause).includes('Attempting to write page') ? '\n' : '';
    if (!this.#said) this.#say(`${start}${error.message}: ${error.remedy}`);
    this.#said = true;
    return error;
  }
}

/** Returns false when the disk of the folder is full, or nearly so. */
export function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return true; // an attempt shows what is wrong
  }
}
