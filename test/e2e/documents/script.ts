import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

interface Place {
  cwd: string;
  /** The user's home folder for the shell. */
  home: string;
  /** A folder of programs that the shell finds first. */
  programs?: string;
}

/**
 * Starts a script in a separate shell, as a reader would: with no variable of this process but PATH, and
 * nothing of this repository on it.
 */
export function startScript(script: string, { cwd, home, programs }: Place) {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: {
      HOME: home,
      PATH: [...(programs ? [programs] : []), dirname(process.execPath), ...path].join(delimiter),
      npm_config_cache: process.env.npm_config_cache ?? `${process.env.HOME}/.npm`,
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // It leads its own process group, so that a signal reaches everything it starts.
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  const looking = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
    for (const look of looking) look();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(stdout)
        : reject(new Error(`ended with ${code}:\n${script}\n${stdout}\n${stderr}`)),
    );
  });
  return {
    /** Resolves to what it has printed when it ends; rejects when it fails. */
    ended,
    /** Resolves when a line of its output matches. */
    line: (pattern: RegExp): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (stdout.split('\n').some((line) => pattern.test(line))) resolve();
        };
        looking.add(look);
        look();
        ended.then(() => reject(new Error(`ended before ${pattern}:\n${stdout}`)), reject);
      }),
    /** Ends it as Ctrl-C does, and waits for its end. */
    async stop(): Promise<void> {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
      await ended.catch(() => {});
    },
  };
}

export function runScript(script: string, place: Place): Promise<string> {
  return startScript(script, place).ended;
}
