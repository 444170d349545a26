import { rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Clock, stopwatch } from '../clock.ts';
import type { FunctionSpec } from '../project/types.ts';
import type { Watchdog } from '../watchdog.ts';
import { type Command, FunctionProcess } from './function-process.ts';
import { GateConnection } from './gate-connection.ts';
import { runInitializerCommand } from './initializer-command.ts';
import { HEADER, LOCAL_HEADER } from './instance/headers.ts';
import {
  type InstanceCall,
  InstanceConnection,
  type InstanceReply,
} from './instance-connection.ts';
import {
  contractHeaders,
  exitFailure,
  type InvocationInput,
  type Outcome,
  timeoutFailure,
} from './invocation.ts';

/** The interface of an instance for its pool, whatever its runtime. */
export interface Instance {
  readonly id: string;
  readonly pid: number | undefined;
  /** Resolves when it can take an invocation; rejects when it ended before that. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone and its output has been read. */
  readonly exited: Promise<void>;
  /** Whether it has been given an invocation. */
  readonly used: boolean;
  /** Whether it can take another invocation. */
  readonly alive: boolean;
  /**
   * Runs an invocation, after the initializer if this is the instance's first and the function has
   * one. It always resolves to an outcome, whatever the function does.
   */
  invoke(invocation: InvocationInput): Promise<Outcome>;
  /** Runs the preStop hook, if there is one and the function has run here, then ends the process. */
  stop(invocation: () => Omit<InvocationInput, 'event'>): Promise<void>;
  /** Ends the process at once, whether frozen or busy. */
  kill(): Promise<void>;
}

export interface InstanceOptions {
  id: string;
  /** `codeDir` is the folder of the placed code. */
  fn: FunctionSpec;
  accountId: string;
  region: string;
  clock: Clock;
  environment: Record<string, string>;
  watchdog: Watchdog;
  /** Command prefix for every program of the function. */
  prefix: readonly string[];
  onLine(stream: 'stdout' | 'stderr', text: string, requestId: string | undefined): void;
}

export interface BuiltInOptions extends InstanceOptions {
  /** Command of the runtime's own program, which serves on `socketPath`. */
  command: Command;
  /** Address to serve on: a unix domain socket, or a named pipe on Windows. */
  socketPath: string;
  /** Whether the process has a debugger: then it is never frozen and has no time limit. */
  debugged: boolean;
  /**
   * Whether the program takes its calls at a gate, all but the first, so that no line of the function
   * runs from each answer on, though the signal that stops the process comes later.
   */
  gate: boolean;
}

type Path = '/initialize' | '/invoke' | '/pre-stop';

/**
 * One process that runs one function's code in a built-in runtime, frozen (stopped by signal)
 * whenever it has no call. It takes one invocation at a time.
 */
export class BuiltInInstance implements Instance {
  readonly id: string;
  readonly ready: Promise<void>;
  used = false;

  readonly #options: BuiltInOptions;
  readonly #process: FunctionProcess;
  readonly #connection: InstanceConnection;
  readonly #gate: GateConnection | undefined;
  #requestId: string | undefined;
  /** Whether the program waits at its gate. */
  #waits = false;

  constructor(options: BuiltInOptions) {
    this.#options = options;
    this.id = options.id;
    this.#connection = new InstanceConnection(options.socketPath);
    this.#process = new FunctionProcess({
      ...options,
      cwd: options.fn.codeDir,
      control: true,
      freezes: !options.debugged,
      memorySize: options.fn.memorySize,
      onLine: (stream, text) => options.onLine(stream, text, this.#requestId),
      onGone: () => {
        this.#connection.destroy();
        rmSync(options.socketPath, { force: true });
      },
    });
    const { control, gate } = this.#process;
    this.#gate = gate && new GateConnection(gate);
    this.ready = this.#listening(control);
    // No unhandled rejection when nothing awaits `ready`.
    this.ready.catch(() => {});
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get exited(): Promise<void> {
    return this.#process.exited;
  }

  async invoke(invocation: InvocationInput): Promise<Outcome> {
    const { fn } = this.#options;
    const first = !this.used;
    this.used = true;
    if (first && fn.initializer) {
      const { command, timeout } = fn.initializer;
      const outcome = command
        ? await runInitializerCommand(command, timeout, { ...this.#options, ...invocation })
        : await this.#call('/initialize', timeout, invocation);
      if (outcome.errorType) {
        await this.kill();
        return { ...outcome, errorType: 'InitializationError' };
      }
    }
    return this.#call('/invoke', fn.timeout, invocation);
  }

  async stop(invocation: () => Omit<InvocationInput, 'event'>): Promise<void> {
    const { preStop } = this.#options.fn;
    if (preStop && this.used && this.alive)
      await this.#call('/pre-stop', preStop.timeout, { ...invocation(), event: Buffer.alloc(0) });
    await this.kill();
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  async #call(path: Path, timeoutSeconds: number, invocation: InvocationInput): Promise<Outcome> {
    const { clock, debugged } = this.#options;
    const { requestId } = invocation;
    const elapsed = stopwatch();
    let timedOut = false;
    this.#requestId = requestId;
    this.#process.thaw();
    const timer = debugged
      ? undefined
      : clock.after(timeoutSeconds * 1000, () => {
          timedOut = true;
          void this.kill();
        });
    const endWatch = this.#process.watchMemory();

    const reply = await this.#post(path, invocation);
    timer?.cancel();
    endWatch();
    if (reply && this.alive) {
      this.#process.freeze();
      this.#requestId = undefined;
      return reply.outcome;
    }

    // Without an answer, or with one that marks the process as spent, it ends here.
    await this.kill();
    if (reply) return reply.outcome;
    const { maxMemoryMb, outOfMemory } = this.#process;
    return timedOut
      ? timeoutFailure(timeoutSeconds, maxMemoryMb)
      : exitFailure(elapsed(), maxMemoryMb, outOfMemory ? 'out of memory' : 'exited');
  }

  /**
   * Returns the answer, after all output of the call is read, or undefined when the process gave
   * none.
   */
  async #post(path: Path, invocation: InvocationInput): Promise<InstanceReply | undefined> {
    const { fn, accountId, region } = this.#options;
    const headers = {
      ...contractHeaders(fn, { accountId, region }, invocation),
      [HEADER.controlPath]: path,
      [LOCAL_HEADER.preStop]: fn.preStop?.handler ?? '',
    };
    const reply = await this.#send({ path, headers, body: invocation.event });
    if (!reply) return undefined;
    this.#process.maxMemoryMb = reply.maxMemoryMb;
    if (reply.spent) this.#process.giveUp();
    this.#waits = reply.waits;
    await this.#process.outputRead();
    return reply;
  }

  /** Makes a call where the program takes it: at its gate, or by HTTP. */
  async #send(call: InstanceCall): Promise<InstanceReply | undefined> {
    const by = (header: string): InstanceCall => ({
      ...call,
      headers: { ...call.headers, [header]: '1' },
    });
    const gate = this.#gate?.open ? this.#gate : undefined;
    try {
      if (!gate) return await this.#connection.call(call);
      if (!this.#waits) return await this.#connection.call(by(LOCAL_HEADER.waits));
    } catch {
      return undefined;
    }
    try {
      return await gate.call(call);
    } catch {
      if (!this.alive) return undefined;
      // The process has ended, or its function has closed the gate.
      return this.#connection.call(by(LOCAL_HEADER.again)).catch(() => undefined);
    }
  }

  #listening(control: Readable | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      control?.on('data', (data: Buffer) => {
        const text = data.toString();
        if (text.includes('ready')) resolve();
        if (text.includes('no gate')) this.#gate?.giveUp();
        const exit = /exit (\d+)/.exec(text);
        if (exit) this.#process.maxMemoryMb = Number(exit[1]);
      });
      void this.exited.then(() => reject(new Error('The instance ended before it was ready')));
    });
  }
}
