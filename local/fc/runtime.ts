import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContextCredentials } from '../../shared/context.ts';
import type { Clock } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import { close, listen } from '../http/listen.ts';
import type { FunctionSpec } from '../project/types.ts';
import { checkFunction } from './check.ts';
import { compileBootstrap } from './compile.ts';
import { instanceEnvironment } from './environment.ts';
import { FcError } from './errors.ts';
import { PAYLOAD_LIMIT_BYTES } from './instance/headers.ts';
import { Instance } from './instance.ts';
import type { InvocationResult } from './invocation.ts';
import { type LogLine, Logs } from './logs.ts';
import { Pool } from './pool.ts';
import { newRequestId } from './request-id.ts';
import { createFcServer } from './server.ts';
import { entityTooLarge, httpTrigger } from './triggers/http.ts';
import { TimerTrigger } from './triggers/timer.ts';
import { Watchdog } from './watchdog.ts';

export type { ErrorType, InvocationResult } from './invocation.ts';
export type { LogLine } from './logs.ts';

export interface RuntimeOptions {
  clock: Clock;
  accountId: string;
  region: string;
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** A fresh credential for each invocation of a function with a role, and for each instance's start; undefined for a function without one. */
  issueCredentials(fn: FunctionSpec, requestId: string): ContextCredentials | undefined;
  /** Added to every function's environment, over s.yaml's: SMQ_ENDPOINT, OSS_ENDPOINT. */
  environment: Record<string, string>;
  /** The most instances of one function at once; further invocations wait. */
  instanceLimit?: number;
  onLog?(line: LogLine): void;
}

export interface InvokeOptions {
  requestId?: string;
  /** Which retry of an asynchronous invocation this is. */
  retryCount?: number;
}

/** A local Function Compute. Functions are found by their deployed name or by their key in s.yaml. */
export interface FcRuntime {
  url: string;
  port: number;
  /** Puts a function, or a new version of it, in place: new invocations go to new instances, while old ones finish what they run. Throws a LocalCloudError for what can't run here. */
  deploy(fn: FunctionSpec): Promise<void>;
  /** Invokes synchronously. A function's failure is a result with `errorType`; an FcError is thrown for what is refused before the function is reached (unknown function, event over 32 MB, runtime stopping). */
  invoke(name: string, event: Buffer, options?: InvokeOptions): Promise<InvocationResult>;
  /** Runs a timer trigger now, enabled or not: the named one, or the function's first. */
  fireTimer(functionName: string, triggerName?: string): Promise<InvocationResult>;
  /** `http://127.0.0.1:<port>/<function>/`, or undefined when the function has no HTTP trigger. */
  httpTriggerUrl(functionName: string): string | undefined;
  /** The last lines of the function, up to 1000. */
  logs(functionName: string): LogLine[];
  /** Ends every instance, busy or not, within two seconds. */
  close(): Promise<void>;
}

interface Deployed {
  fn: FunctionSpec;
  pool: Pool;
  timers: TimerTrigger[];
}

export async function startRuntime(options: RuntimeOptions): Promise<FcRuntime> {
  const folder = await mkdtemp(join(tmpdir(), 'fc-'));
  await mkdir(join(folder, 'home'));
  const bootstrap = await compileBootstrap(folder);
  const runtime = new Runtime(options, folder, bootstrap);
  try {
    await runtime.listen();
  } catch (error) {
    await runtime.close();
    throw error;
  }
  return runtime;
}

class Runtime implements FcRuntime {
  url = '';
  port = 0;

  readonly #options: RuntimeOptions;
  readonly #folder: string;
  readonly #bootstrap: string;
  readonly #logs: Logs;
  readonly #watchdog: Watchdog;
  readonly #server: Server;
  readonly #deployed = new Map<string, Deployed>();
  /** Pools of earlier versions that still have work in flight. */
  #retired: Pool[] = [];
  #started = 0;

  constructor(options: RuntimeOptions, folder: string, bootstrap: string) {
    this.#options = options;
    this.#folder = folder;
    this.#bootstrap = bootstrap;
    this.#watchdog = new Watchdog(folder);
    this.#logs = new Logs(options.onLog);
    this.#server = createFcServer({
      accountId: options.accountId,
      now: () => options.clock.now(),
      find: (name) => this.#find(name)?.fn,
      invoke: (name, event, how) => this.invoke(name, event, how),
      onError: (error) => this.#report('fc', error),
    });
  }

  async listen(): Promise<void> {
    const { host = '127.0.0.1', port = 0 } = this.#options;
    this.port = await listen(this.#server, host, port);
    this.url = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${this.port}`;
  }

  async deploy(fn: FunctionSpec): Promise<void> {
    checkFunction(fn);
    httpTrigger(fn);
    const timers = this.#timersOf(fn);
    const pool = this.#createPool(fn);

    const before = this.#deployed.get(fn.name);
    this.#deployed.set(fn.name, { fn, pool, timers });
    for (const timer of before?.timers ?? []) timer.stop();
    if (before) {
      pool.adopt(before.pool.retire());
      this.#retired = [...this.#retired, before.pool].filter(({ size }) => size > 0);
    }
    for (const timer of timers) timer.start();
    for (const { type, name } of fn.triggers)
      if (type !== 'http' && type !== 'timer')
        this.#say(fn.name, `Trigger "${name}" of type ${type} (${fn.source}) does not run here`);
  }

  async invoke(
    name: string,
    event: Buffer,
    options: InvokeOptions = {},
  ): Promise<InvocationResult> {
    const { fn, pool } = this.#get(name);
    if (event.length > PAYLOAD_LIMIT_BYTES) throw entityTooLarge();
    const requestId = options.requestId ?? this.#newRequestId();
    const credentials = this.#options.issueCredentials(fn, requestId);
    return pool.run({ requestId, event, credentials, retryCount: options.retryCount ?? 0 });
  }

  async fireTimer(functionName: string, triggerName?: string): Promise<InvocationResult> {
    const { fn, timers } = this.#get(functionName);
    const timer = timers.find(({ name }) => triggerName === undefined || name === triggerName);
    if (timer) return timer.fire();
    const wanted = triggerName === undefined ? 'a timer trigger' : `timer trigger "${triggerName}"`;
    throw new FcError('TriggerNotFound', `Function "${fn.name}" does not have ${wanted}`);
  }

  httpTriggerUrl(functionName: string): string | undefined {
    const { fn } = this.#get(functionName);
    return httpTrigger(fn) && `${this.url}/${encodeURIComponent(fn.resource)}/`;
  }

  logs(functionName: string): LogLine[] {
    return this.#logs.of(this.#get(functionName).fn.name);
  }

  async close(): Promise<void> {
    const deployed = [...this.#deployed.values()];
    for (const { timers } of deployed) for (const timer of timers) timer.stop();
    const pools = [...this.#retired, ...deployed.map(({ pool }) => pool)];
    await Promise.all([close(this.#server), ...pools.map((pool) => pool.close())]);
    await this.#watchdog.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #timersOf(fn: FunctionSpec): TimerTrigger[] {
    return fn.triggers
      .filter((trigger) => trigger.type === 'timer')
      .map(
        (trigger) =>
          new TimerTrigger({
            clock: this.#options.clock,
            fn,
            trigger,
            invoke: (event) => this.invoke(fn.name, event),
            onTick: (result) => this.#reportTick(fn.name, trigger.name, result),
            onError: (error) => this.#report(fn.name, error),
          }),
      );
  }

  #createPool(fn: FunctionSpec): Pool {
    const limit = this.#options.instanceLimit ?? Math.max(4, availableParallelism() * 2);
    return new Pool({
      clock: this.#options.clock,
      limit,
      start: (requestId) => this.#startInstance(fn, requestId),
      hookInvocation: () => {
        const requestId = this.#newRequestId();
        const credentials = this.#options.issueCredentials(fn, requestId);
        return { requestId, credentials, retryCount: 0 };
      },
    });
  }

  #startInstance(fn: FunctionSpec, requestId: string): Instance {
    const { clock, accountId, region, issueCredentials, environment } = this.#options;
    const id = `c-${randomUUID()}`;
    const nth = `i${++this.#started}`;
    return new Instance({
      id,
      fn,
      accountId,
      region,
      clock,
      bootstrap: this.#bootstrap,
      socketPath:
        process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : join(this.#folder, `${nth}.sock`),
      environment: instanceEnvironment({
        fn,
        accountId,
        region,
        instanceId: id,
        home: join(this.#folder, 'home'),
        added: environment,
        credentials: issueCredentials(fn, requestId),
      }),
      watchdog: this.#watchdog,
      onLine: (stream, text, requestId) =>
        this.#logs.add({
          at: clock.now(),
          functionName: fn.name,
          ...(requestId && { requestId }),
          stream,
          text,
        }),
    });
  }

  #find(name: string): Deployed | undefined {
    const byName = this.#deployed.get(name);
    return byName ?? [...this.#deployed.values()].find(({ fn }) => fn.resource === name);
  }

  #get(name: string): Deployed {
    const found = this.#find(name);
    if (found) return found;
    throw new FcError('FunctionNotFound', `Function "${name}" does not exist`);
  }

  #newRequestId(): string {
    return newRequestId(this.#options.clock.now());
  }

  #reportTick(functionName: string, triggerName: string, result: InvocationResult): void {
    if (!result.errorType) return;
    const text = `Timer trigger "${triggerName}": ${result.errorType}: ${result.body.toString()}`;
    this.#say(functionName, text, result.requestId);
  }

  #report(functionName: string, error: unknown): void {
    const remedy = error instanceof LocalCloudError ? `: ${error.remedy}` : '';
    const message = error instanceof Error ? error.message : String(error);
    this.#say(functionName, `${message}${remedy}`);
  }

  #say(functionName: string, text: string, requestId?: string): void {
    const at = this.#options.clock.now();
    this.#logs.add({ at, functionName, ...(requestId && { requestId }), stream: 'stderr', text });
  }
}
