import type { Readable, Writable } from 'node:stream';
import { untilStopped } from './until-stopped.ts';

/** Input and output of a command: a terminal's, or a test's own. */
export interface Io {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** Folder at which relative paths start. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Waits until the command is to end, then closes what it has started. */
  untilStopped(close: () => Promise<void>): Promise<void>;
}

/** Returns the streams, the folder and the signals of this process. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, cwd: process.cwd(), env, untilStopped };
}

/** Writes one line. */
export function writeLine(to: Writable, line: string): void {
  to.write(`${line}\n`);
}
