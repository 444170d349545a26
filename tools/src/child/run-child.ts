import { type ChildProcess, spawn } from 'node:child_process';
import type { Output } from '../command-line/io.ts';
import { PARENT_VARIABLE, WATCHER } from './ends-with-parent.ts';

export interface ChildOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Milliseconds after which the child is ended. */
  limitMs: number;
  /** Where its lines go. With `terminal` it uses this process's terminal, and may ask questions there. */
  to: 'terminal' | { stdout: Output; stderr: Output };
  /** Called each time it has printed nothing for `silenceMs`; never for one that uses the terminal. */
  onSilence?: (seconds: number) => void;
  silenceMs?: number;
}

/** How a child ended. */
export interface ChildEnd {
  /** Null when a signal ended it. */
  code: number | null;
  /** Whether its time limit ended it. */
  late: boolean;
}

const SILENCE_MS = 30_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a Node script in its own process. The script and its children end at the time limit, and with this
 * process, however that ends. Rejects only when it cannot be started.
 */
export async function runChild(
  script: readonly string[],
  { cwd, env, limitMs, to, onSilence, silenceMs = SILENCE_MS }: ChildOptions,
): Promise<ChildEnd> {
  // It leads its own process group, so that its children are ended too. In the terminal it stays in this
  // process's group, where Ctrl-C reaches it and it may read.
  const leads = to !== 'terminal' && process.platform !== 'win32';
  const child = spawn(process.execPath, [...WATCHER, ...script], {
    cwd,
    env: { ...env, [PARENT_VARIABLE]: `${process.pid} ${leads ? 'leads' : 'follows'}` },
    stdio: to === 'terminal' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    detached: leads,
  });
  const end = () => killed(child, leads);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    end();
  }, limitMs);
  const silence = to !== 'terminal' && onSilence ? watchSilence(onSilence, silenceMs) : undefined;
  const release = endWithThis(end);
  if (to !== 'terminal')
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        silence?.broken();
        to[name].write(text);
      });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { code, late };
  } finally {
    clearTimeout(limit);
    silence?.stop();
    release();
  }
}

function killed(child: ChildProcess, leads: boolean): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(leads ? -child.pid : child.pid, 'SIGKILL');
  } catch (error) {
    // It has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function watchSilence(say: (seconds: number) => void, silenceMs: number) {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += silenceMs / 1000;
    say(seconds);
  }, silenceMs);
  return {
    broken() {
      seconds = 0;
      timer.refresh();
    },
    stop: () => clearInterval(timer),
  };
}

/** Runs `end` when this process exits, or gets a signal that then ends it. Returns a function that undoes this. */
export function endWithThis(end: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    end();
    release();
    process.kill(process.pid, signal);
  };
  const release = () => {
    process.off('exit', end);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.once('exit', end);
  for (const signal of SIGNALS) process.once(signal, onSignal);
  return release;
}
