import { fstatSync, readSync, writeSync } from 'node:fs';
import type { Answer } from './call.ts';
import {
  ANSWER_PREFIX_BYTES,
  CALL_PREFIX_BYTES,
  type CallHead,
  writeAnswerHead,
} from './frames.ts';

/** File descriptor by which the runtime gives its calls, where it gives it. */
const GATE_FD = 4;

const READ_BYTES = 64 * 1024;
/** Answers up to this size are copied, to be written at once. */
const COPIED_BYTES = 32 * 1024;

/** Taken before a function can replace them. */
const fs = { fstatSync, readSync, writeSync };

export interface GatedCall extends CallHead {
  event: Buffer;
}

/**
 * Where an instance takes its calls: by a read that blocks its thread, so that neither a timer nor
 * anything else of the function runs from its answer until the next call.
 */
export class Gate {
  readonly #inode = inodeOf(GATE_FD);
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  /** Bytes of the buffer that are not taken yet. */
  #from = 0;
  #to = 0;

  /** Whether there is a gate, which the function has neither closed nor replaced. */
  get stands(): boolean {
    return this.#inode !== undefined && inodeOf(GATE_FD) === this.#inode;
  }

  /**
   * Waits for a call. Exits when the runtime has ended. Returns undefined where the function reads the
   * gate itself, so that nothing can wait there.
   */
  take(): GatedCall | undefined {
    try {
      const prefix = this.#next(CALL_PREFIX_BYTES);
      const headLength = prefix.readUInt32LE(0);
      const eventLength = prefix.readUInt32LE(4);
      const head: CallHead = JSON.parse(this.#next(headLength).toString());
      const event = this.#next(eventLength);
      return { ...head, event: eventLength > READ_BYTES ? event : Buffer.from(event) };
    } catch {
      return undefined;
    }
  }

  /** Returns whether the runtime has been given the whole answer. */
  answer({ body, errorType }: Answer, maxMemoryMb: number, spent: boolean): boolean {
    const { length } = body;
    const small = length <= COPIED_BYTES;
    const bytes = Buffer.allocUnsafe(ANSWER_PREFIX_BYTES + (small ? length : 0));
    writeAnswerHead(bytes, { length, maxMemoryMb, ...(errorType && { errorType }), spent });
    if (small) body.copy(bytes, ANSWER_PREFIX_BYTES);
    return write(bytes) && (small || write(body));
  }

  /** Returns the next bytes: in the buffer, so until the next ones are taken, or in one of their own. */
  #next(length: number): Buffer {
    const there = this.#to - this.#from;
    if (there < length) return this.#read(length);
    this.#from += length;
    return this.#buffer.subarray(this.#from - length, this.#from);
  }

  #read(length: number): Buffer {
    const there = this.#to - this.#from;
    const target = length > READ_BYTES ? Buffer.allocUnsafeSlow(length) : this.#buffer;
    this.#buffer.copy(target, 0, this.#from, this.#to);
    this.#from = this.#to = 0;
    let filled = there;
    while (filled < length) filled += read(target, filled);
    if (target === this.#buffer) {
      this.#from = length;
      this.#to = filled;
    }
    return target.subarray(0, length);
  }
}

function inodeOf(fd: number): number | undefined {
  try {
    return fs.fstatSync(fd).ino;
  } catch {
    return undefined;
  }
}

function read(target: Buffer, at: number): number {
  const length = uninterrupted(() => fs.readSync(GATE_FD, target, at, target.length - at, null));
  if (length === 0) process.exit();
  return length;
}

function write(bytes: Buffer): boolean {
  try {
    for (let at = 0; at < bytes.length; )
      at += uninterrupted(() => fs.writeSync(GATE_FD, bytes, at, bytes.length - at));
    return true;
  } catch {
    return false;
  }
}

/** Node does not try again after a signal, as it does for other calls of the system. */
function uninterrupted(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error;
    }
  }
}
