import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Io } from '#src/cli/io';
import { main } from '#src/cli/main';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandInput {
  stdin?: Buffer;
  /** Default: the root of the file system, where there is no project. */
  cwd?: string;
  /** Default: none. */
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs the command in this process, with its own streams. `stop` ends it as Ctrl-C does; the end of
 * the test does so at the latest.
 */
export function command(
  args: readonly string[],
  { stdin, cwd = '/', env = {} }: CommandInput = {},
) {
  const stop = new AbortController();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io: Io = {
    stdin: Readable.from(stdin ? [stdin] : []),
    stdout,
    stderr,
    cwd,
    env,
    async untilStopped(close) {
      if (!stop.signal.aborted) await once(stop.signal, 'abort');
      await close();
    },
  };
  const code = main(args, io).then(async (given) => {
    const read = Promise.all([finished(stdout), finished(stderr)]);
    stdout.end();
    stderr.end();
    await read;
    return given;
  });
  const running = follow(stdout, stderr, code);
  onTestFinished(async () => {
    stop.abort();
    await running.ended;
  });
  return { ...running, stop: () => stop.abort() };
}

/**
 * Arguments of Node.js that start the command in one process; with the file alone it starts
 * another, which can read the sources.
 */
const BIN = [
  '--import',
  import.meta.resolve('tsx'),
  '--conditions=fc-source',
  fileURLToPath(new URL('../../bin/fc-local.js', import.meta.url)),
];

/**
 * Starts the command as a user does, with nothing of this process's environment but the path; it is
 * asked to end after the test if it still runs.
 */
export function startedCommand(args: readonly string[], input: Omit<CommandInput, 'stdin'> = {}) {
  return started([...BIN, ...args], input);
}

/** Starts Node.js with these arguments, as startedCommand does. */
export function started(
  args: readonly string[],
  { cwd = '/', env = {} }: Omit<CommandInput, 'stdin'> = {},
) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(() => void child.kill('SIGTERM'));
  return {
    ...follow(child.stdout, child.stderr, code),
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  };
}

/**
 * `line` resolves to the first matching line of either stream, and rejects when the command ends
 * first.
 */
function follow(stdout: Readable, stderr: Readable, code: Promise<number | null>) {
  const text = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const [name, stream] of Object.entries({ stdout, stderr }))
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text[name as keyof typeof text] += chunk;
      for (const look of waiting) look();
    });
  const ended = code.then(async (given): Promise<Ended> => ({ code: given, ...text }));
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = `${text.stdout}\n${text.stderr}`.split('\n').find((one) => pattern.test(one));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      ended.then((end) => reject(new Error(`ended without ${pattern}: ${JSON.stringify(end)}`)));
    });
  return { line, ended };
}
