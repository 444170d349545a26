import { setTimeout as sleep } from 'node:timers/promises';

/** What a sub-command has around it. A test gives its own; the process has that of `processIo`. */
export interface Io {
  stdout: Output;
  stderr: Output;
  /** The folder it was started in: --project is taken from here. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Whether a person sits at a terminal and can be asked. */
  interactive: boolean;
  /** How time passes for what waits; absent: as it does. */
  patience?: Patience;
  /** Waits until the command is to end, then closes what it has started. */
  untilStopped(close: () => Promise<void>): Promise<void>;
}

/** A clock and how to wait by it. */
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
  /** The folder of the project, an absolute path. Known once the command line has been read. */
  project: string;
  /** 0 unless a sub-command sets another. */
  exitCode: number;
}

/** The terminal, folder and variables of this process. */
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

/** How time passes for a sub-command. */
export function patienceOf({ patience }: Pick<Io, 'patience'>): Patience {
  return patience ?? { now: Date.now, wait: (ms) => sleep(ms) };
}

/** Prints one line, or several, on standard output. */
export function print({ stdout }: Pick<Io, 'stdout'>, text: string): void {
  stdout.write(`${text}\n`);
}

/** Prints one line, or several, on standard error. */
export function complain({ stderr }: Pick<Io, 'stderr'>, text: string): void {
  stderr.write(`${text}\n`);
}
