import { type Clock, stopwatch, type Timer } from '../clock.ts';
import { FcError } from './errors.ts';
import type { Instance } from './instance.ts';
import {
  exitFailure,
  failure,
  type InvocationInput,
  type InvocationResult,
  type Outcome,
} from './invocation.ts';
import { deferred, within } from './promises.ts';
import { StartFailure } from './start-failure.ts';

export interface PoolOptions {
  clock: Clock;
  /** Maximum number of instances at once, as currently known; further invocations wait for one. */
  limit(): number;
  /** Invocations that one instance takes at once; default 1. */
  concurrency?: number;
  /** False keeps an idle instance forever: a debugger is attached to it. */
  rests?: boolean;
  start(): Instance;
  /** Returns the argument of an instance's preStop hook. */
  hookInvocation(): Omit<InvocationInput, 'event'>;
}

/**
 * Milliseconds after which an idle instance stops: in Function Compute it lives minutes to tens of
 * minutes.
 */
const IDLE_MS = 5 * 60 * 1000;

/**
 * Milliseconds that preStop hooks may take when the whole runtime stops. Real time: the caller is
 * waiting.
 */
const CLOSING_MS = 1000;

/**
 * State of an instance: `frozen` until the next invocation, or `busy` with one, its start or its
 * end.
 */
export interface InstanceState {
  id: string;
  pid: number | undefined;
  state: 'busy' | 'frozen';
}

/** An invocation waiting for an instance. */
export interface Waiting {
  invocation: InvocationInput;
  /** Milliseconds since the runtime accepted the event. */
  elapsed(): number;
  resolve(result: InvocationResult): void;
  reject(error: Error): void;
}

/**
 * The instances of one deployed version of a function: the last used is reused first, more start
 * under load, idle ones are stopped.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #instances = new Set<Instance>();
  readonly #idle: { instance: Instance; timer: Timer }[] = [];
  /** Number of current invocations of each other instance that is ready. */
  readonly #busy = new Map<Instance, number>();
  /** Instances that end when they have finished their work. */
  readonly #dismissed = new WeakSet<Instance>();
  readonly #queue: Waiting[] = [];
  readonly #emptied = deferred();
  #starting = 0;
  #retired = false;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Number of instances, including starting ones. */
  get size(): number {
    return this.#instances.size;
  }

  get states(): InstanceState[] {
    const frozen = new Set(this.#idle.map(({ instance }) => instance));
    return [...this.#instances].map((instance) => ({
      id: instance.id,
      pid: instance.pid,
      state: frozen.has(instance) ? 'frozen' : 'busy',
    }));
  }

  run(invocation: InvocationInput): Promise<InvocationResult> {
    return new Promise((resolve, reject) => {
      this.adopt([{ invocation, elapsed: stopwatch(), resolve, reject }]);
    });
  }

  /** Takes over the waiting invocations of a retired pool. */
  adopt(waiting: Waiting[]): void {
    this.#queue.push(...waiting);
    if (this.#closed) this.#refuseAll();
    else this.#pump();
  }

  /** Resolves once the pool is retired and has no instance left. */
  get emptied(): Promise<void> {
    return this.#emptied.promise;
  }

  /**
   * Stops taking invocations: idle instances stop at once, busy ones after their work. Returns the
   * waiting invocations.
   */
  retire(): Waiting[] {
    this.#retired = true;
    for (const { instance, timer } of this.#idle.splice(0)) {
      timer.cancel();
      void this.#stop(instance);
    }
    this.#checkEmptied();
    return this.#queue.splice(0);
  }

  /**
   * Asks an instance to give up its place on the machine: an idle one stops at once (true), another
   * after the work that it runs, or was started for (false).
   */
  dismiss(instance: Instance): boolean {
    const at = this.#idle.findIndex((idle) => idle.instance === instance);
    if (at < 0) {
      this.#dismissed.add(instance);
      return false;
    }
    this.#idle.splice(at, 1)[0]?.timer.cancel();
    void this.#stop(instance);
    return true;
  }

  /** Ends every instance at once, busy ones too; idle ones get a moment for preStop. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#refuseAll();
    const idle = this.#idle.splice(0);
    const stopping = idle.map(({ instance, timer }) => {
      timer.cancel();
      return this.#stop(instance);
    });
    const busy = [...this.#instances].filter(
      (one) => !idle.some(({ instance }) => instance === one),
    );
    await Promise.all([
      ...busy.map((instance) => instance.kill()),
      within(CLOSING_MS, Promise.all(stopping)),
    ]);
    await Promise.all([...this.#instances].map((instance) => instance.kill()));
  }

  #pump(): void {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (this.#isTooOld(next)) {
        this.#queue.shift();
        next.reject(new FcError('AsyncEventTooOld', 'The event waited too long for an instance'));
        continue;
      }
      const instance = this.#available();
      if (!instance) break;
      this.#queue.shift();
      void this.#serve(instance, next);
    }
    const { limit } = this.#options;
    while (this.#starting * this.#concurrency < this.#queue.length && this.size < limit())
      this.#start();
  }

  get #concurrency(): number {
    return this.#options.concurrency ?? 1;
  }

  /** Returns a busy instance with room for more, else the idle one used last. */
  #available(): Instance | undefined {
    for (const [instance, running] of this.#busy)
      if (running < this.#concurrency && instance.alive && !this.#dismissed.has(instance))
        return instance;
    const idle = this.#idle.pop();
    idle?.timer.cancel();
    return idle?.instance;
  }

  #isTooOld({ invocation: { notAfter } }: Waiting): boolean {
    return notAfter !== undefined && this.#options.clock.now() > notAfter;
  }

  #start(): void {
    let instance: Instance;
    try {
      instance = this.#options.start();
    } catch (error) {
      this.#queue.shift()?.reject(error as Error);
      return;
    }
    this.#starting++;
    this.#instances.add(instance);
    void instance.exited.then(() => this.#forget(instance));
    instance.ready.then(
      () => {
        this.#starting--;
        const serves = this.#dismissed.has(instance) && instance.alive;
        const next = serves ? this.#queue.shift() : undefined;
        if (next) void this.#serve(instance, next);
        else this.#release(instance);
      },
      (error: Error) => {
        this.#starting--;
        const next = this.#queue.shift();
        if (next) settle(next, true, startFailure(error, next.elapsed()));
        this.#pump();
      },
    );
  }

  async #serve(instance: Instance, waiting: Waiting): Promise<void> {
    const coldStart = !instance.used;
    this.#busy.set(instance, (this.#busy.get(instance) ?? 0) + 1);
    const outcome = await instance.invoke(waiting.invocation);
    const running = (this.#busy.get(instance) ?? 1) - 1;
    this.#busy.set(instance, running);
    if (running === 0) this.#release(instance);
    else this.#pump();
    settle(waiting, coldStart, outcome, instance.id);
  }

  /** Gives an instance without work the next invocation, a rest, or its end. */
  #release(instance: Instance): void {
    this.#busy.delete(instance);
    if (this.#closed || !instance.alive) return void instance.kill();
    if (this.#retired || this.#dismissed.has(instance)) return void this.#stop(instance);
    const { clock } = this.#options;
    const idleMs = this.#options.rests === false ? Number.MAX_SAFE_INTEGER : IDLE_MS;
    const timer = clock.after(idleMs, () => {
      const at = this.#idle.findIndex((idle) => idle.instance === instance);
      if (at >= 0) this.#idle.splice(at, 1);
      void this.#stop(instance);
    });
    this.#idle.push({ instance, timer });
    this.#pump();
  }

  #stop(instance: Instance): Promise<void> {
    return instance.stop(this.#options.hookInvocation);
  }

  #forget(instance: Instance): void {
    this.#instances.delete(instance);
    this.#busy.delete(instance);
    const at = this.#idle.findIndex((idle) => idle.instance === instance);
    if (at >= 0) this.#idle.splice(at, 1)[0]?.timer.cancel();
    this.#checkEmptied();
    if (!this.#closed) this.#pump();
  }

  #checkEmptied(): void {
    if (this.#retired && this.size === 0) this.#emptied.resolve();
  }

  #refuseAll(): void {
    for (const { reject } of this.#queue.splice(0))
      reject(new FcError('ServiceUnavailable', 'The runtime is stopping'));
  }
}

function startFailure(error: Error, elapsedMs: number): Outcome {
  return error instanceof StartFailure ? failure(error.message) : exitFailure(elapsedMs, 0);
}

function settle(waiting: Waiting, coldStart: boolean, outcome: Outcome, instanceId?: string): void {
  waiting.resolve({
    requestId: waiting.invocation.requestId,
    ...outcome,
    durationMs: Math.round(waiting.elapsed()),
    coldStart,
    ...(instanceId !== undefined && { instanceId }),
  });
}
