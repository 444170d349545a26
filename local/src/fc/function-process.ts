import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { realClock } from '../clock.ts';
import type { Watchdog } from '../watchdog.ts';
import { LineReader } from './line-reader.ts';
import { residentMb } from './resident-memory.ts';

/** A program with its arguments. */
export type Command = readonly [program: string, ...args: string[]];

export interface ProcessOptions {
  command: Command;
  /** Working directory. */
  cwd: string;
  environment: Record<string, string>;
  /** True opens file descriptor 3, which closes when the runtime ends. */
  control: boolean;
  /** False: it is never frozen. */
  freezes: boolean;
  /** True, with `control`, opens file descriptor 4, at which the program may wait for its calls. */
  gate: boolean;
  /** MB; a process with more is ended. */
  memorySize: number;
  watchdog: Watchdog;
  onLine(stream: 'stdout' | 'stderr', text: string): void;
  /** Called once it is gone, before `exited` resolves. */
  onGone(): void;
}

/** Milliseconds between memory checks while a call runs. Real time, as it concerns the machine. */
const MEMORY_CHECK_MS = 50;

/**
 * Milliseconds without a call after which a process is stopped: two signals for each call would take
 * longer than the call, since they wake every thread. Function Compute names no time for its own freeze.
 * Real time, as it concerns the machine.
 */
const FREEZE_AFTER_MS = 5;

/**
 * Milliseconds to wait for output after a process has ended: a process that it started may keep its
 * streams open forever. Real time, as it concerns the machine.
 */
const DRAIN_MS = 200;

/** Windows has no process groups, and no signal that stops a process. */
const GROUPS = process.platform !== 'win32';

/**
 * The process of one instance, with all its children: watched, frozen, thawed and ended together.
 */
export class FunctionProcess {
  /** Resolves when the process is gone and its output has been read. */
  readonly exited: Promise<void>;
  readonly stdout: LineReader;
  readonly stderr: LineReader;
  maxMemoryMb = 0;
  /** Whether it was ended because of its memory. */
  outOfMemory = false;

  readonly #options: ProcessOptions;
  readonly #child: ChildProcess;
  #alive = true;
  #freezing: NodeJS.Timeout | undefined;
  /** Whether it has no call. */
  #resting = false;
  #stopped = false;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.stdout = new LineReader((text) => options.onLine('stdout', text));
    this.stderr = new LineReader((text) => options.onLine('stderr', text));
    const [program, ...args] = options.command;
    const own = [options.control, options.control && options.gate].flatMap((is) =>
      is ? 'pipe' : [],
    );
    this.#child = spawn(program, args, {
      cwd: options.cwd,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', ...own],
      // The leader of a group, so that the function's children are frozen and ended with it.
      detached: GROUPS,
    });
    const { pid } = this.#child;
    if (pid) options.watchdog.watch(pid);
    this.control?.on('error', () => {});
    this.gate?.on('error', () => {});
    this.exited = this.#exit();
    this.#child.stdout?.on('data', (chunk) => this.stdout.push(chunk));
    this.#child.stderr?.on('data', (chunk) => this.stderr.push(chunk));
  }

  /** The runtime's end of file descriptor 3. */
  get control(): Readable | undefined {
    return (this.#child.stdio[3] ?? undefined) as Readable | undefined;
  }

  /** The runtime's end of file descriptor 4. */
  get gate(): Duplex | undefined {
    return (this.#child.stdio[4] ?? undefined) as Duplex | undefined;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Null while it runs, and when a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /**
   * Resolves once all is read that it had printed before it was heard from last, by this or another
   * descriptor; a line that has not ended is taken as one. What was written before is there before,
   * and one turn of the event loop reads every descriptor that has something.
   */
  async outputRead(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.stdout.endLine();
    this.stderr.endLine();
  }

  /** Marks it as taking no more calls, though it still exists. */
  giveUp(): void {
    this.#alive = false;
  }

  /** Ends it at once, whether frozen or busy. */
  kill(): Promise<void> {
    this.#alive = false;
    this.#signal('SIGKILL');
    return this.exited;
  }

  /**
   * Stops it with its children, unless a call follows within milliseconds. A program with a gate is
   * at rest before: it waits there.
   */
  freeze(): void {
    if (!GROUPS || !this.#options.freezes) return;
    this.#resting = true;
    // One timer for all calls: it is cheaper to set again than to make.
    this.#freezing ??= setTimeout(() => this.#stop(), FREEZE_AFTER_MS).unref();
    this.#freezing.refresh();
  }

  #stop(): void {
    if (!this.#resting || !this.#alive) return;
    this.#stopped = true;
    this.#signal('SIGSTOP');
  }

  /** Lets it run again. */
  thaw(): void {
    this.#resting = false;
    if (this.#stopped) this.#signal('SIGCONT');
    this.#stopped = false;
  }

  /**
   * Ends the process once it exceeds its memory; the returned function stops the watch. The
   * function's runtime may have a lower limit itself.
   */
  watchMemory(): () => void {
    const check = setInterval(() => this.#checkMemory(), MEMORY_CHECK_MS).unref();
    return () => clearInterval(check);
  }

  #checkMemory(): void {
    const { memorySize, onLine } = this.#options;
    const used = this.pid === undefined ? undefined : residentMb(this.pid);
    if (used === undefined || !this.#alive) return;
    this.maxMemoryMb = Math.max(this.maxMemoryMb, used);
    if (used <= memorySize) return;
    onLine('stderr', `Out of memory: ${used} MB of ${memorySize} MB used`);
    this.outOfMemory = true;
    void this.kill();
  }

  #exit(): Promise<void> {
    const child = this.#child;
    return new Promise((resolve) => {
      let done = false;
      const gone = (): void => {
        if (done) return;
        done = true;
        this.#alive = false;
        if (child.pid) this.#options.watchdog.forget(child.pid);
        this.stdout.endLine();
        this.stderr.endLine();
        for (const stream of child.stdio) stream?.destroy();
        this.#options.onGone();
        resolve();
      };
      child.once('close', gone);
      child.once('error', (error) => {
        this.#options.onLine('stderr', `Cannot start an instance: ${error.message}`);
        gone();
      });
      child.once('exit', () => {
        if (GROUPS && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        realClock.after(DRAIN_MS, gone);
      });
    });
  }

  /** Signals the process, only while it runs: once it has ended, its id may be another's. */
  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (!GROUPS) this.#child.kill(signal);
    else if (pid !== undefined && exitCode === null && signalCode === null)
      signalGroup(pid, signal);
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group has no process left.
  }
}
