import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { ROOT } from './repository.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Command {
  pid: number;
  /** Resolves with the first line of standard output that matches. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** Starts one of the commands as npm would, with nothing of this process's environment but the path; killed after the test if it still runs. */
export function command(script: string, ...args: string[]): Command {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=fc-source', `${script}.ts`, ...args],
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH },
    },
  );
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve(line: string): void }[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout: lines.join('\n'), stderr }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    pid: child.pid ?? 0,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const there = lines.find((line) => pattern.test(line));
        if (there !== undefined) resolve(there);
        waiting.push({ pattern, resolve });
        ended.then((end) => reject(new Error(`ended without ${pattern}: ${JSON.stringify(end)}`)));
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
