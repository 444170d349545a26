import { setImmediate } from 'node:timers/promises';
import { stopwatch, type Timer } from '../../clock.ts';
import { type Command, FunctionProcess } from '../function-process.ts';
import { runInitializerCommand } from '../initializer-command.ts';
import type { Instance, InstanceOptions } from '../instance.ts';
import {
  exitFailure,
  failure,
  type InvocationInput,
  type Outcome,
  timeoutFailure,
} from '../invocation.ts';
import { StartFailure } from '../start-failure.ts';
import { callServer, type Path } from './call-server.ts';
import type { FixedPorts, Listening } from './fixed-ports.ts';
import { RequestLines } from './request-lines.ts';
import { startServer } from './start-server.ts';
import { waitUntilHealthy } from './wait-until-listening.ts';

export interface CustomOptions extends InstanceOptions {
  command: Command;
  /** Port that customRuntimeConfig names. */
  port: number;
  ports: FixedPorts;
  /** The port on which this version is known to listen, once its first instance has found out. */
  listening: Listening;
  /** Asks the instance to end, as another function needs its port: true if it was idle. */
  leave(instance: Instance): boolean;
}

/**
 * One process of a custom runtime: the function's own server, which gets each event as POST /invoke
 * and each request of an HTTP trigger unchanged. It takes as many at once as the pool assigns, and
 * is frozen when it has none.
 */
export class CustomInstance implements Instance {
  readonly id: string;
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  used = false;

  readonly #options: CustomOptions;
  readonly #lines = new RequestLines();
  readonly #stopped = new AbortController();
  #process: FunctionProcess | undefined;
  #port = 0;
  #initialized: Promise<Outcome | undefined> | undefined;
  #running = 0;
  #alive = true;

  constructor(options: CustomOptions) {
    this.#options = options;
    this.id = options.id;
    this.ready = this.#start();
    // No unhandled rejection when nothing awaits `ready`.
    const started = this.ready.catch(() => {});
    this.exited = started.then(() => this.#process?.exited).then(() => this.#gone());
  }

  get alive(): boolean {
    return this.#alive && this.#process?.alive !== false;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async invoke(invocation: InvocationInput): Promise<Outcome> {
    const { fn } = this.#options;
    this.used = true;
    this.#initialized ??= this.#initialize(invocation);
    const failed = await this.#initialized;
    return failed ?? this.#call('/invoke', fn.timeout, invocation);
  }

  async stop(invocation: () => Omit<InvocationInput, 'event'>): Promise<void> {
    const { preStop } = this.#options.fn;
    if (preStop && this.used && this.alive)
      await this.#call('/pre-stop', preStop.timeout, { ...invocation(), event: Buffer.alloc(0) });
    await this.kill();
  }

  async kill(): Promise<void> {
    this.#gone();
    await this.#process?.kill();
    return this.exited;
  }

  #gone(): void {
    this.#alive = false;
    this.#stopped.abort(new Error('The instance ended before it was ready'));
  }

  async #start(): Promise<void> {
    const { fn, port, ports, listening, clock, leave, onLine } = this.#options;
    const say = (text: string): void => onLine('stderr', text, undefined);
    try {
      this.#port = await startServer({
        name: fn.name,
        port,
        timeout: fn.timeout,
        ports,
        listening,
        clock,
        stopped: this.#stopped.signal,
        spawn: (given) => this.#spawn(given),
        leave: () => leave(this),
        say,
      });
      if (!fn.initializer) await this.#passHealthCheck();
    } catch (error) {
      if (error instanceof StartFailure) say(error.message);
      this.#alive = false;
      await this.#process?.kill();
      throw error;
    }
  }

  #spawn(given: number): FunctionProcess {
    const { fn, command, environment, watchdog, onLine } = this.#options;
    const started = new FunctionProcess({
      command,
      cwd: fn.codeDir,
      environment: { ...environment, FC_SERVER_PORT: String(given) },
      control: false,
      freezes: true,
      gate: false,
      memorySize: fn.memorySize,
      watchdog,
      onLine: (stream, text) => onLine(stream, text, this.#lines.requestOf(text)),
      onGone: () => {
        // A start may use two programs.
        if (this.#port !== 0 && this.#process === started) this.#gone();
      },
    });
    this.#process = started;
    return started;
  }

  /**
   * Waits for the health check, which is documented to come after the initializer where there is
   * one.
   */
  async #passHealthCheck(): Promise<void> {
    const check = this.#options.fn.custom?.healthCheck;
    if (check) await waitUntilHealthy(this.#port, check, this.#stopped.signal);
  }

  async #initialize(invocation: InvocationInput): Promise<Outcome | undefined> {
    const { fn, onLine } = this.#options;
    const { initializer } = fn;
    if (!initializer) return undefined;
    const outcome = initializer.command
      ? await runInitializerCommand(initializer.command, initializer.timeout, {
          ...this.#options,
          environment: { ...this.#options.environment, FC_SERVER_PORT: String(this.#port) },
          requestId: invocation.requestId,
        })
      : await this.#call('/initialize', initializer.timeout, invocation);
    if (outcome.errorType) {
      await this.kill();
      return { ...outcome, errorType: 'InitializationError' };
    }
    try {
      this.#process?.thaw();
      await this.#passHealthCheck();
      return undefined;
    } catch (error) {
      if (error instanceof StartFailure) onLine('stderr', error.message, undefined);
      await this.kill();
      return failure((error as Error).message);
    }
  }

  async #call(path: Path, timeoutSeconds: number, invocation: InvocationInput): Promise<Outcome> {
    const { clock } = this.#options;
    const { requestId } = invocation;
    const elapsed = stopwatch();
    let timedOut = false;
    const timer: Timer = clock.after(timeoutSeconds * 1000, () => {
      timedOut = true;
      void this.kill();
    });
    if (this.#running++ === 0) this.#process?.thaw();
    this.#lines.begin(requestId);
    const endWatch = this.#process?.watchMemory();

    const { outcome } = await callServer({
      ...this.#options,
      port: this.#port,
      path,
      invocation,
    });
    timer.cancel();
    endWatch?.();
    // Output printed before it answered may still be arriving.
    await setImmediate();
    await setImmediate();
    this.#lines.end(requestId);
    if (--this.#running === 0 && this.alive) this.#process?.freeze();
    if (outcome && !timedOut) return outcome;

    await this.kill();
    const maxMemoryMb = this.#process?.maxMemoryMb ?? 0;
    return timedOut
      ? timeoutFailure(timeoutSeconds, maxMemoryMb)
      : exitFailure(
          elapsed(),
          maxMemoryMb,
          this.#process?.outOfMemory ? 'out of memory' : 'exited',
        );
  }
}
