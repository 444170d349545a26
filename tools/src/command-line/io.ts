import { setTimeout as sleep } from 'node:timers/promises';

/** The surroundings of a sub-command. A test supplies its own; the process uses `processIo`. */
export interface Io {
  stdout: Output;
  stderr: Output;
  /** The folder it was started in: --project is relative to it. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Whether a person at a terminal can be asked. */
  interactive: boolean;
  /** The clock for waiting; default the real one. */
  patience?: Patience;
  /** Waits until the command is stopped, then closes what it has started. */
  untilStopped(close: () => Promise<void>): Promise<void>;
}

/** A clock and a way to wait by it. */
export interface Patience {
  /** Milliseconds since the epoch. */
  now(): number;
  wait(ms: number): Promise<void>;
}

/** Where text goes. */
export interface Output {
  write(text: string): unknown;
}

/** What a sub-command works with: its surroundings, the project, and the exit code it sets. */
export interface Session extends Io {
  /** The folder of the project, as an absolute path. Known once the command line has been read. */
  project: string;
  /** 0 unless a sub-command sets another. */
  exitCode: number;
}

/** Returns the terminal, folder and variables of this process. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    env: process.env,
    interactive: Boolean(process.stdin.isTTY),
    async untilStopped(close) {
      const { untilStopped } = await import('fc-local');
      await untilStopped(close);
    },
  };
}

/** Returns the clock of a sub-command. */
export function patienceOf({ patience }: Pick<Io, 'patience'>): Patience {
  return patience ?? { now: Date.now, wait: (ms) => sleep(ms) };
}

/** Prints one or several lines on standard output. */
export function print({ stdout }: Pick<Io, 'stdout'>, text: string): void {
  stdout.write(`${text}\n`);
}

/** Prints one or several lines on standard error. */
export function complain({ stderr }: Pick<Io, 'stderr'>, text: string): void {
  stderr.write(`${text}\n`);
}
