import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { realClock, stopwatch } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import type { BuildStep } from '../project/types.ts';
import type { Watchdog } from '../watchdog.ts';

export interface StepOptions {
  /** Called with each line that the step prints. */
  onLine(line: string): void;
  /** Aborting it ends the step, with all its child processes. */
  stopped?: AbortSignal | undefined;
  /** Ends the step if this process cannot. */
  watchdog?: Watchdog | undefined;
}

/** Maximum number of a step's last lines to keep: they show why it failed. */
const MAX_KEPT_LINES = 200;

/**
 * Milliseconds that a step has to end by itself before it is killed. Real time: the caller is
 * waiting.
 */
const MAX_ENDING_MS = 500;

/** Milliseconds between checks whether it has ended. */
const LOOK_MS = 10;

/** Windows has no process groups. */
const GROUPS = process.platform !== 'win32';

/**
 * Runs a step in a shell, in its folder and with this process's environment, as the deploy tool
 * does, as the leader of its own process group. Throws LocalCloudError when it fails, its last
 * lines as `cause`, or is stopped (`BuildStopped`); it waits at most half a second for a stopped
 * one.
 */
export async function runStep(step: BuildStep, options: StepOptions): Promise<void> {
  const { run, path, source } = step;
  const { onLine, stopped, watchdog } = options;
  if (stopped?.aborted) throw buildStopped(step);
  if (!existsSync(path))
    throw new LocalCloudError(
      'BuildStepFailed',
      `"${run}" (${source}) cannot run: ${path} is missing`,
      'name a folder under path, from the one of s.yaml',
    );
  const lines: string[] = [];
  const child = start(run, path);
  const { pid } = child;
  if (pid !== undefined) watchdog?.watch(pid);
  // The watchdog knows it only from here on.
  (child.stdio[3] as Writable | undefined)?.on('error', () => {}).end('go\n');
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      if (stopped?.aborted) return;
      lines.push(line);
      if (lines.length > MAX_KEPT_LINES) lines.shift();
      onLine(line);
    });
  const ended = await endOf(child, stopped);
  if (pid !== undefined) watchdog?.forget(pid);
  if (stopped?.aborted) throw buildStopped(step);
  if (ended === '') return;
  throw new LocalCloudError(
    'BuildStepFailed',
    `"${run}" (${source}) ${ended} in ${path}`,
    'run it there by hand, or leave it with --no-build',
    { cause: lines.join('\n') },
  );
}

/** Waits for a line at file descriptor 3, then runs its argument; without the line it ends. */
const GATE = 'read -r go <&3 || exit 1; exec 3<&-; exec /bin/sh -c "$1"';

function start(run: string, cwd: string): ChildProcessByStdio<null, Readable, Readable> {
  if (!GROUPS) return spawn(run, { cwd, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  return spawn('/bin/sh', ['-c', GATE, 'step', run], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
}

/**
 * Resolves to how the step ended, empty when it succeeded; once it is stopped, when its group is
 * empty or killed.
 */
function endOf(child: ChildProcess, stopped: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve) => {
    const end = (how: string): void => {
      stopped?.removeEventListener('abort', stop);
      resolve(how);
    };
    const stop = (): void => {
      signalGroup(child, 'SIGTERM');
      const elapsed = stopwatch();
      const look = (): void => {
        if (elapsed() < MAX_ENDING_MS && signalGroup(child, 0)) {
          realClock.after(LOOK_MS, look);
          return;
        }
        signalGroup(child, 'SIGKILL');
        end('');
      };
      look();
    };
    stopped?.addEventListener('abort', stop, { once: true });
    child.once('error', ({ message }) => end(message));
    child.once('close', (code, signal) => {
      if (!stopped?.aborted) end(code === 0 ? '' : `ended with ${signal ?? code}`);
    });
  });
}

/** Signals the group, on Windows the one process. Returns whether it existed. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  if (!GROUPS) return child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

function buildStopped({ run, source }: BuildStep): LocalCloudError {
  return new LocalCloudError('BuildStopped', `"${run}" (${source}) was stopped`, 'start again');
}
