import { execFileSync } from 'node:child_process';

/** A hook, or a signing program's question, may block git for ever. */
const LIMIT_MS = 60_000;

const quiet = { stdio: 'ignore', timeout: LIMIT_MS, killSignal: 'SIGKILL' } as const;

/** Whether git is available, and the folder is not in a repository yet. */
export function mayInit(folder: string): boolean {
  try {
    execFileSync('git', ['--version'], quiet);
  } catch {
    return false;
  }
  try {
    execFileSync('git', ['rev-parse', '--is-inside-work-tree'], { ...quiet, cwd: folder });
    return false;
  } catch {
    return true;
  }
}

/** Makes a repository with a first commit. Returns false if git requires a name and an address first. */
export function initRepository(folder: string): boolean {
  const git = (...args: string[]) => execFileSync('git', args, { ...quiet, cwd: folder });
  git('init', '--initial-branch', 'main');
  git('add', '--all');
  try {
    git('commit', '--message', 'A project of functions');
    return true;
  } catch {
    return false;
  }
}
