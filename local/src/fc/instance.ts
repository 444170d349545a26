import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { type Clock, realClock, stopwatch } from '../clock.ts';
import type { FunctionSpec } from '../project/types.ts';
import { HEADER, LOCAL_HEADER } from './instance/headers.ts';
import { contractHeaders, failure, type InvocationInput, type Outcome } from './invocation.ts';
import { LineReader } from './line-reader.ts';
import { type InstanceReply, postToInstance } from './post-to-instance.ts';
import { residentMb } from './resident-memory.ts';
import type { Watchdog } from './watchdog.ts';

export interface InstanceOptions {
  id: string;
  fn: FunctionSpec;
  accountId: string;
  region: string;
  clock: Clock;
  /** The compiled bootstrap. */
  bootstrap: string;
  /** Address to serve on: a unix domain socket, or a named pipe on Windows. */
  socketPath: string;
  environment: Record<string, string>;
  watchdog: Watchdog;
  /** Port for a debugger: the process listens there, is never frozen and has no time limit. */
  inspectPort?: number | undefined;
  onLine(stream: 'stdout' | 'stderr', text: string, requestId: string | undefined): void;
}

/** How often memory is looked at while a call runs. Real time, as it concerns the machine. */
const MEMORY_CHECK_MS = 50;

/** How long output is waited for once a process has ended: a process that it started may hold its streams open for ever. Real time, as it concerns the machine. */
const DRAIN_MS = 200;

/** Windows has no groups of processes, and no signal that stops one. */
const GROUPS = process.platform !== 'win32';

type Path = '/initialize' | '/invoke' | '/pre-stop';

/**
 * One process running one function's bundle, frozen (stopped by signal) whenever it has no call.
 * Takes one invocation at a time. Whatever the function does, an invocation ends in an outcome;
 * `alive` tells whether the instance can take another.
 */
export class Instance {
  readonly id: string;
  /** Resolves when it can take an invocation; rejects when it ended before that. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone and its output has been read. */
  readonly exited: Promise<void>;
  used = false;

  readonly #options: InstanceOptions;
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #stdout: LineReader;
  readonly #stderr: LineReader;
  readonly #canFreeze: boolean;
  #requestId: string | undefined;
  #alive = true;
  #maxMemoryMb = 0;
  #calls = 0;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.id = options.id;
    this.#canFreeze = GROUPS && options.inspectPort === undefined;
    this.#stdout = new LineReader((text) => options.onLine('stdout', text, this.#requestId));
    this.#stderr = new LineReader((text) => options.onLine('stderr', text, this.#requestId));
    this.#child = spawn(process.execPath, nodeArguments(options), {
      cwd: options.fn.codeDir,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // The leader of a group, so that what the function starts is frozen and ends with it.
      detached: GROUPS,
    });
    const { pid } = this.#child;
    if (pid) options.watchdog.watch(pid);
    const control = this.#child.stdio[3] as Readable;
    control.on('error', () => {});
    this.exited = this.#exit();
    this.ready = this.#listening(control);
    // A start that fails is reported to whoever waits for it, which may be no one.
    this.ready.catch(() => {});
    this.#child.stdout?.on('data', (chunk) => this.#stdout.push(chunk));
    this.#child.stderr?.on('data', (chunk) => this.#stderr.push(chunk));
  }

  get alive(): boolean {
    return this.#alive;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Runs the initializer first if this is the instance's first invocation and the function has one. */
  async invoke(invocation: InvocationInput): Promise<Outcome> {
    const { fn } = this.#options;
    const first = !this.used;
    this.used = true;
    if (first && fn.initializer) {
      const outcome = await this.#call('/initialize', fn.initializer.timeout, invocation);
      if (outcome.errorType) {
        await this.kill();
        return { ...outcome, errorType: 'InitializationError' };
      }
    }
    return this.#call('/invoke', fn.timeout, invocation);
  }

  /** Runs the preStop hook, if there is one and the function has run here, then ends the process. */
  async stop(invocation: () => Omit<InvocationInput, 'event'>): Promise<void> {
    const { preStop } = this.#options.fn;
    if (preStop && this.used && this.#alive)
      await this.#call('/pre-stop', preStop.timeout, { ...invocation(), event: Buffer.alloc(0) });
    await this.kill();
  }

  /** Ends the process at once, frozen or busy. */
  kill(): Promise<void> {
    this.#alive = false;
    this.#signal('SIGKILL');
    return this.exited;
  }

  async #call(path: Path, timeoutSeconds: number, invocation: InvocationInput): Promise<Outcome> {
    const { clock } = this.#options;
    const { requestId } = invocation;
    const elapsed = stopwatch();
    let timedOut = false;
    this.#requestId = requestId;
    this.#thaw();
    const timer =
      this.#options.inspectPort === undefined
        ? clock.after(timeoutSeconds * 1000, () => {
            timedOut = true;
            void this.kill();
          })
        : undefined;
    const memoryCheck = setInterval(() => this.#checkMemory(), MEMORY_CHECK_MS).unref();

    const reply = await this.#post(path, invocation);
    timer?.cancel();
    clearInterval(memoryCheck);
    if (reply && this.#alive) {
      this.#freeze();
      this.#requestId = undefined;
      return reply.outcome;
    }

    // Without an answer, or with one that says the process is spent, it ends here.
    await this.kill();
    if (reply) return reply.outcome;
    const memory = `maxMemoryUsage: ${this.#maxMemoryMb}MB`;
    if (timedOut) return failure(`Function timed out after ${timeoutSeconds} seconds (${memory})`);
    const duration = Math.round(elapsed());
    return failure(
      `Process exited unexpectedly before completing request (duration: ${duration}ms, ${memory})`,
    );
  }

  /** Ends a process that holds more than its memorySize. The heap alone has Node's own limit, below that. */
  #checkMemory(): void {
    const { fn, onLine } = this.#options;
    const used = this.pid === undefined ? undefined : residentMb(this.pid);
    if (used === undefined || !this.#alive) return;
    this.#maxMemoryMb = Math.max(this.#maxMemoryMb, used);
    if (used <= fn.memorySize) return;
    onLine('stderr', `Out of memory: ${used} MB of ${fn.memorySize} MB used`, this.#requestId);
    void this.kill();
  }

  /** The answer with all output of the call read, or undefined when the process gave none. */
  async #post(path: Path, invocation: InvocationInput): Promise<InstanceReply | undefined> {
    const { fn, socketPath, accountId, region } = this.#options;
    // Retries have the request id of the first try.
    const mark = `${path} ${invocation.requestId} ${++this.#calls}`;
    const headers = {
      ...contractHeaders(fn, { accountId, region }, invocation),
      [HEADER.controlPath]: path,
      [LOCAL_HEADER.preStop]: fn.preStop?.handler ?? '',
      [LOCAL_HEADER.mark]: mark,
    };
    const request = { agent: this.#agent, socketPath, path, headers, body: invocation.event };
    const reply = await postToInstance(request).catch(() => undefined);
    if (!reply) return undefined;
    this.#maxMemoryMb = reply.maxMemoryMb;
    if (reply.spent) this.#alive = false;
    // Both resolve when the process ends, too.
    await Promise.all([
      reply.marked.includes('stdout') && this.#stdout.marked(mark),
      reply.marked.includes('stderr') && this.#stderr.marked(mark),
    ]);
    return reply;
  }

  #listening(control: Readable): Promise<void> {
    return new Promise((resolve, reject) => {
      control.on('data', (data: Buffer) => {
        const text = data.toString();
        if (text.includes('ready')) resolve();
        const exit = /exit (\d+)/.exec(text);
        if (exit) this.#maxMemoryMb = Number(exit[1]);
      });
      void this.exited.then(() => reject(new Error('The instance ended before it was ready')));
    });
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
        this.#agent.destroy();
        this.#stdout.end();
        this.#stderr.end();
        for (const stream of child.stdio) stream?.destroy();
        rmSync(this.#options.socketPath, { force: true });
        resolve();
      };
      child.once('close', gone);
      child.once('error', (error) => {
        this.#options.onLine('stderr', `Cannot start an instance: ${error.message}`, undefined);
        gone();
      });
      child.once('exit', () => {
        if (GROUPS && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        realClock.after(DRAIN_MS, gone);
      });
    });
  }

  #freeze(): void {
    if (this.#canFreeze) this.#signal('SIGSTOP');
  }

  #thaw(): void {
    if (this.#canFreeze) this.#signal('SIGCONT');
  }

  /** Once the process has ended its id may be another's. */
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
    // No process is left in it.
  }
}

/** Node's arguments as Function Compute gives them; the heap may take 90% of the memory. */
function nodeArguments({ fn, bootstrap, socketPath, inspectPort }: InstanceOptions): string[] {
  const heapMb = Math.floor(fn.memorySize * 0.9);
  return [
    `--max-old-space-size=${heapMb}`,
    '--max-http-header-size=16384',
    '--expose-gc',
    ...(inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectPort}`]),
    bootstrap,
    socketPath,
    // Where the build leaves it.
    ...(inspectPort === undefined ? [] : [`${fn.codeDir}.js.map`]),
  ];
}
