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
    const whole = isCut ? `\n${line}` : line;
    // As text first: to make bytes of it takes as long as to write it.
    const written = tryWrite(whole);
    if (written < Buffer.byteLength(whole)) writeRest(Buffer.from(whole), written);
    isCut = false;
  },
};

function writeRest(whole: Buffer, begun: number): void {
  let written = begun;
  try {
    while (written < whole.length) {
      const more = tryWrite(whole.subarray(written));
      if (more === 0) Atomics.wait(pause, 0, 0, PAUSE_MS);
      written += more;
    }
  } catch (error) {
    isCut ||= written > 0;
    throw error;
  }
}

/** Returns how many bytes are done: none when the pipe is full, and all when nothing reads it. */
function tryWrite(data: string | Buffer): number {
  try {
    // The types have these apart.
    return typeof data === 'string' ? writeSync(STDOUT, data) : writeSync(STDOUT, data);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EBUSY') return 0;
    if (code === 'EPIPE') return Number.POSITIVE_INFINITY;
    throw error;
  }
}
