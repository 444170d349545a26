import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ROOT } from './repository.ts';
import type { Ended, RunOptions } from './run.ts';

const BIN = fileURLToPath(new URL('../bin/fc-templates.js', import.meta.url));

/** Runs fc-templates as a separate process, as a person does; killed after the test if it still runs. */
export function command(
  args: readonly string[],
  { cwd = ROOT, env = {} }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH, ...env } };
    const child = execFile(process.execPath, [BIN, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    onTestFinished(() => void child.kill('SIGKILL'));
  });
}
