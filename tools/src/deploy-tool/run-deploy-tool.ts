import { spawn } from 'node:child_process';
import type { Io } from '../command-line/io.ts';
import { locateDeployTool } from './locate.ts';

/** What a run of the deploy tool came to. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the deploy tool in the project and keeps what it prints. Throws LocalCloudError when it is not installed. */
export function runDeployTool(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ran> {
  const ran = { stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      ran[stream] += text;
    },
  });
  return spawned(root, args, env, { stdout: keep('stdout'), stderr: keep('stderr') }).then(
    (code) => ({ ...ran, code }),
  );
}

/** Runs the deploy tool in the project, in this terminal or with its lines passed on; resolves with its exit code. */
export async function showDeployTool(
  root: string,
  args: readonly string[],
  io: Pick<Io, 'env' | 'stdout' | 'stderr'>,
): Promise<number> {
  const own = io.stdout === process.stdout && io.stderr === process.stderr;
  return (await spawned(root, args, io.env, own ? 'terminal' : io)) ?? 1;
}

async function spawned(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  to: 'terminal' | Pick<Io, 'stdout' | 'stderr'>,
): Promise<number | null> {
  const child = spawn(process.execPath, [locateDeployTool(root), ...args], {
    cwd: root,
    env,
    stdio: to === 'terminal' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  if (to !== 'terminal') {
    child.stdout?.setEncoding('utf8').on('data', (text) => to.stdout.write(text));
    child.stderr?.setEncoding('utf8').on('data', (text) => to.stderr.write(text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
