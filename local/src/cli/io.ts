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
  /** Called when a cloud is ready, with or without functions. */
  ready?(withFunctions: boolean): void;
}

/** Returns the streams, which Node.js opens when they are first used, the folder and the signals of this process. */
export function processIo(ready?: Io['ready']): Io {
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
    cwd: process.cwd(),
    env: process.env,
    untilStopped,
    ...(ready && { ready }),
  };
}

/** Writes one line. */
export function writeLine(to: Writable, line: string): void {
  to.write(`${line}\n`);
}
