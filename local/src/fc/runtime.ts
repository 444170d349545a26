import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import { close, listen, urlOf } from '../http/listen.ts';
import type { FunctionSpec } from '../project/types.ts';
import { sendOutcome } from './async/destination.ts';
import { AsyncInvocations } from './async/invocations.ts';
import { memoryStore } from './async/store/memory.ts';
import type { AsyncStore } from './async/store/types.ts';
import { bootstrapFile } from './bootstrap-file.ts';
import { checkCode } from './check-code.ts';
import { createTriggers } from './create-triggers.ts';
import { FcError } from './errors.ts';
import { MAX_PAYLOAD_BYTES } from './instance/headers.ts';
import { Instances } from './instances.ts';
import type { InvocationResult } from './invocation.ts';
import type { ObservedInvocation } from './local-api.ts';
import { type LogLine, Logs } from './logs.ts';
import type { InstanceState, Pool } from './pool.ts';
import { newRequestId } from './request-id.ts';
import { createFcServer } from './server.ts';
import { entityTooLarge, httpTrigger } from './triggers/http.ts';
import { TimerTrigger } from './triggers/timer.ts';
import type { Trigger } from './triggers/trigger.ts';
import type { AcceptedInvocation, FcRuntime, InvokeOptions, RuntimeOptions } from './types.ts';
import { Watchdog } from './watchdog.ts';

export type { ErrorType, InvocationResult } from './invocation.ts';
export type { LogLine } from './logs.ts';
export type { FcRuntime, InvokeOptions, RuntimeOptions } from './types.ts';

interface Deployed {
  fn: FunctionSpec;
  pool: Pool;
  triggers: Trigger[];
}

export async function startRuntime(options: RuntimeOptions): Promise<FcRuntime> {
  const folder = await mkdtemp(join(tmpdir(), 'fc-'));
  await mkdir(join(folder, 'home'));
  const bootstrap = await bootstrapFile(folder).catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const store = await openStore(options.data).catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const runtime = new Runtime(options, folder, bootstrap, store);
  try {
    await runtime.listen();
  } catch (error) {
    await runtime.close();
    throw error;
  }
  return runtime;
}

/** LMDB is loaded for a data folder only. */
async function openStore(data: string | undefined): Promise<AsyncStore> {
  if (data === undefined) return memoryStore();
  const { lmdbStore } = await import('./async/store/lmdb.ts');
  return lmdbStore(data);
}

class Runtime implements FcRuntime {
  url = '';
  port = 0;

  readonly #options: RuntimeOptions;
  readonly #folder: string;
  readonly #instances: Instances;
  readonly #logs: Logs;
  readonly #watchdog: Watchdog;
  readonly #server: Server;
  readonly #deployed = new Map<string, Deployed>();
  readonly #async: AsyncInvocations;
  /** Events of theirs may still wait; what becomes of one is told as the function had it. */
  readonly #removed = new Map<string, FunctionSpec>();
  readonly #observers = new Set<(invocation: ObservedInvocation) => void>();
  /** Pools of earlier versions that still have work in flight. */
  #retired: Pool[] = [];
  #resumed = false;

  constructor(options: RuntimeOptions, folder: string, bootstrap: string, store: AsyncStore) {
    this.#options = options;
    this.#folder = folder;
    this.#watchdog = new Watchdog(folder);
    this.#logs = new Logs(options.onLog);
    this.#instances = new Instances({
      ...options,
      folder,
      bootstrap,
      watchdog: this.#watchdog,
      onLine: (line) => this.#logs.add(line),
      newRequestId: () => this.#newRequestId(),
    });
    this.#async = new AsyncInvocations(
      {
        clock: options.clock,
        find: (name) => this.#removed.get(name) ?? this.#get(name).fn,
        run: (name, event, how) => this.invoke(name, event, how),
        functionArn: (name) => `acs:fc:${this.#place}:functions/${name}`,
        onOutcome: (fn, outcome) =>
          sendOutcome(fn, outcome, {
            sources: options.sources,
            checkRole: options.checkRole,
            place: this.#place,
            invokeAsync: (name, event) => this.invokeAsync(name, event).stored,
          }).catch((error) => this.#report(fn.name, error)),
        say: (name, text, requestId) => this.#say(name, text, requestId),
      },
      store,
    );
    this.#server = createFcServer({
      accountId: options.accountId,
      region: options.region,
      clock: options.clock,
      authority: options.authority,
      defaultDomain: options.defaultDomain,
      find: (name) => this.#find(name)?.fn,
      invoke: (name, event, how) => this.invoke(name, event, how),
      invokeAsync: (name, event, how) => this.invokeAsync(name, event, how).stored,
      logs: (name) => this.logs(name),
      observe: (listener) => this.observe(listener),
      onError: (error) => this.#report('fc', error),
    });
  }

  async listen(): Promise<void> {
    const { host = '127.0.0.1', port = 0 } = this.#options;
    this.port = await listen(this.#server, host, port);
    this.url = urlOf(host, this.port);
  }

  async deploy(fn: FunctionSpec): Promise<void> {
    checkCode(fn);
    const triggers = this.#triggersOf(fn);
    const pool = this.#instances.createPool(fn);

    const before = this.#deployed.get(fn.name);
    this.#deployed.set(fn.name, { fn, pool, triggers });
    this.#removed.delete(fn.name);
    for (const trigger of before?.triggers ?? []) trigger.stop();
    if (before) {
      pool.adopt(before.pool.retire());
      this.#retired = [...this.#retired, before.pool].filter(({ size }) => size > 0);
    }
    for (const trigger of triggers) trigger.start();
    if (this.#resumed) this.#async.resume();
  }

  remove(name: string): void {
    const found = this.#find(name);
    if (!found) return;
    this.#deployed.delete(found.fn.name);
    this.#removed.set(found.fn.name, found.fn);
    for (const trigger of found.triggers) trigger.stop();
    for (const { reject } of found.pool.retire())
      reject(new FcError('FunctionNotFound', `Function "${found.fn.name}" does not exist`));
    this.#retired = [...this.#retired, found.pool].filter(({ size }) => size > 0);
  }

  async invoke(
    name: string,
    event: Buffer,
    options: InvokeOptions = {},
  ): Promise<InvocationResult> {
    const { fn, pool } = this.#get(name);
    if (event.length > MAX_PAYLOAD_BYTES) throw entityTooLarge();
    const requestId = options.requestId ?? this.#newRequestId();
    const credentials = this.#options.issueCredentials(fn, requestId);
    const retryCount = options.retryCount ?? 0;
    const { notAfter } = options;
    const result = await pool.run({ requestId, event, credentials, retryCount, notAfter });
    const at = this.#options.clock.now();
    for (const observe of this.#observers) observe({ functionName: fn.name, at, event, result });
    return result;
  }

  invokeAsync(
    name: string,
    event: Buffer,
    { requestId = this.#newRequestId() }: { requestId?: string } = {},
  ): AcceptedInvocation {
    const stored = this.#accept(this.#get(name).fn, event, 'Asynchronous invocation', requestId);
    stored.catch((error) => this.#report(name, error));
    return { requestId, stored };
  }

  resume(): void {
    this.#resumed = true;
    this.#async.resume();
  }

  async fireTimer(functionName: string, triggerName?: string): Promise<InvocationResult> {
    const { fn, triggers } = this.#get(functionName);
    const timers = triggers.filter((trigger) => trigger instanceof TimerTrigger);
    const timer = timers.find(({ name }) => triggerName === undefined || name === triggerName);
    if (timer) return timer.fire();
    const wanted = triggerName === undefined ? 'a timer trigger' : `timer trigger "${triggerName}"`;
    throw new FcError('TriggerNotFound', `Function "${fn.name}" does not have ${wanted}`);
  }

  httpTriggerUrl(functionName: string): string | undefined {
    const { fn } = this.#get(functionName);
    return httpTrigger(fn) && `${this.url}/${encodeURIComponent(fn.resource)}/`;
  }

  instances(functionName: string): InstanceState[] {
    return this.#get(functionName).pool.states;
  }

  logs(functionName: string): LogLine[] {
    return this.#logs.of(this.#get(functionName).fn.name);
  }

  observe(listener: (invocation: ObservedInvocation) => void): () => void {
    this.#observers.add(listener);
    return () => void this.#observers.delete(listener);
  }

  async close(): Promise<void> {
    const deployed = [...this.#deployed.values()];
    for (const { triggers } of deployed) for (const trigger of triggers) trigger.stop();
    const stored = this.#async.close();
    const pools = [...this.#retired, ...deployed.map(({ pool }) => pool)];
    await Promise.all([stored, close(this.#server), ...pools.map((pool) => pool.close())]);
    await this.#watchdog.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #triggersOf(fn: FunctionSpec): Trigger[] {
    return createTriggers(fn, {
      ...this.#options,
      place: this.#place,
      invoke: (event) => this.invoke(fn.name, event),
      invokeAsync: (event, origin) => this.#accept(fn, event, origin),
      say: (text) => this.#say(fn.name, text),
      report: (error) => this.#report(fn.name, error),
    });
  }

  #accept(
    fn: FunctionSpec,
    event: Buffer,
    origin: string,
    requestId: string = this.#newRequestId(),
  ): Promise<void> {
    return this.#async.accept(fn.name, event, requestId, origin);
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

  /** As ARNs have it. */
  get #place(): string {
    return `${this.#options.region}:${this.#options.accountId}`;
  }

  #newRequestId(): string {
    return newRequestId(this.#options.clock.now());
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
