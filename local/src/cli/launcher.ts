import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { realClock, type Timer } from '../clock.ts';

const LOOK_MS = 500;

/**
 * Calls `gone` when the npx that started this process has ended without passing that on, as by a
 * signal to npx alone (on Unix). Only for npx, which waits for its command; another starter of a
 * background command may well end before it. Returns a function that ends the watch.
 */
export function whenLauncherIsGone(
  gone: () => void,
  { env, platform }: Pick<NodeJS.Process, 'env' | 'platform'> = process,
): () => void {
  if (env.npm_command !== 'exec' || platform === 'win32') return () => {};
  const parent = process.ppid;
  let over = false;
  let timer: Timer | undefined;
  const watch = (launcher: number): void => {
    if (over) return;
    if (process.ppid === parent && isThere(launcher))
      timer = realClock.after(LOOK_MS, () => watch(launcher));
    else gone();
  };
  void launcherOf(parent).then(watch);
  return () => {
    over = true;
    timer?.cancel();
  };
}

/** Finds npx itself, which may have a shell between it and the command. */
async function launcherOf(parent: number): Promise<number> {
  const found = await promisify(execFile)('ps', ['-o', 'ppid=,comm=', '-p', `${parent}`]).then(
    ({ stdout }) => /^\s*(\d+)\s+(\S+)/.exec(stdout),
    // Without that program only a shell that ends with npx is noticed.
    () => null,
  );
  const isShell = found !== null && /^-?(ba|da|z|k|a)?sh$/.test(basename(found[2] ?? ''));
  return isShell ? Number(found[1]) : parent;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
