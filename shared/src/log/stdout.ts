import { writeSync } from 'node:fs';
import type { Destination } from './logger.ts';

const STDOUT = 1;
/** Milliseconds until writing to a full pipe is tried again. */
const PAUSE_MS = 10;

const pause = new Int32Array(new SharedArrayBuffer(4));
/** The last line was written in part only. */
let isCut = false;

/**
 * Standard output, written at once and whole: a frozen instance would lose buffered lines. Lines that
 * nothing reads any more are dropped. Throws the system's error for any other (`ENOSPC`, `EIO`); the line
 * after one that was written in part then begins on a line of its own.
 */
export const stdout: Destination = {
  write(line) {
    const whole = Buffer.from(isCut ? `\n${line}` : line);
    let rest = whole;
    try {
      while (rest.length > 0) {
        const written = tryWrite(rest);
        if (written === 0) Atomics.wait(pause, 0, 0, PAUSE_MS);
        rest = rest.subarray(written);
      }
      isCut = false;
    } catch (error) {
      isCut ||= rest.length < whole.length;
      throw error;
    }
  },
};

/** Returns how many bytes are done; none when the pipe is full. */
function tryWrite(bytes: Buffer): number {
  try {
    return writeSync(STDOUT, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EBUSY') return 0;
    if (code === 'EPIPE') return bytes.length;
    throw error;
  }
}
