import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import { close, listen, urlOf } from '../http/listen.ts';
import type { FunctionSpec } from '../project/types.ts';
import { Watchdog } from '../watchdog.ts';
import { sendOutcome } from './async/destination.ts';
import { AsyncInvocations } from './async/invocations.ts';
import { checkCode } from './check-code.ts';
import { CodeStore, makeRuntimeFolder } from './code/code-store.ts';
import { removeTree } from './code/remove-tree.ts';
import { createTriggers } from './create-triggers.ts';
import { DeployedFunctions } from './deployed-functions.ts';
import { type Equipment, equip } from './equipment.ts';
import { FcError } from './errors.ts';
import { MAX_PAYLOAD_BYTES } from './instance/headers.ts';
import { Instances } from './instances.ts';
import type { HttpRequestInput, InvocationResult } from './invocation.ts';
import type { ObservedInvocation } from './local-api.ts';
import { type LogLine, Logs } from './logs.ts';
import type { InstanceState } from './pool.ts';
import { Pythons } from './python.ts';
import { newRequestId } from './request-id.ts';
import { createFcServer } from './server.ts';
import { entityTooLarge, httpTrigger } from './triggers/http.ts';
import { TimerTrigger } from './triggers/timer.ts';
import type { Trigger } from './triggers/trigger.ts';
import type { AcceptedInvocation, FcRuntime, InvokeOptions, RuntimeOptions } from './types.ts';

export type { ErrorType, InvocationResult } from './invocation.ts';
export type { LogLine } from './logs.ts';
export type { FcRuntime, InvokeOptions, RuntimeOptions } from './types.ts';

export async function startRuntime(options: RuntimeOptions): Promise<FcRuntime> {
  const folder = await makeRuntimeFolder();
  await mkdir(join(folder, 'home'));
  const equipment = await equip(folder, options).catch(async (error) => {
    await removeTree(folder);
    throw error;
  });
  const runtime = new Runtime(options, equipment);
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
  readonly #code: CodeStore;
  readonly #pythons = new Pythons();
  readonly #instances: Instances;
  readonly #logs: Logs;
  readonly #watchdog: Watchdog;
  readonly #server: Server;
  readonly #functions = new DeployedFunctions();
  readonly #async: AsyncInvocations;
  readonly #observers = new Set<(invocation: ObservedInvocation) => void>();
  /** Runs deployments in sequence, so that the version requested last is the one in use. */
  #deploying: Promise<void> = Promise.resolve();
  #closed = false;
  #resumed = false;

  constructor(options: RuntimeOptions, equipment: Equipment) {
    const { folder, store } = equipment;
    this.#options = options;
    this.#folder = folder;
    this.#code = new CodeStore(
      join(folder, 'code'),
      // For a project whose code is its own folder: excludes the account's messages, objects and
      // token.
      options.data === undefined ? [] : [resolve(dirname(options.data))],
    );
    this.#watchdog = options.watchdog ?? new Watchdog();
    this.#watchdog.watchFolder(folder);
    this.#logs = new Logs(options.onLog);
    this.#instances = new Instances({
      ...options,
      ...equipment,
      watchdog: this.#watchdog,
      onLine: (line) => this.#logs.add(line),
      newRequestId: () => this.#newRequestId(),
    });
    this.#async = new AsyncInvocations(
      {
        clock: options.clock,
        find: (name) => this.#functions.specOf(name),
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
      observeRequest: options.observeRequest,
      find: (name) => this.#functions.find(name)?.fn,
      invoke: (name, event, how) => this.invoke(name, event, how),
      invokeAsync: (name, event, how) => this.invokeAsync(name, event, how).stored,
      logs: (name) => this.logs(name),
      observeLogs: (listener) => this.#logs.observe(listener),
      observe: (listener) => this.observe(listener),
      consoleUrl: () => options.consoleUrl?.(),
      onError: (error) => this.#report('fc', error),
    });
  }

  async listen(): Promise<void> {
    const { host = '127.0.0.1', port = 0 } = this.#options;
    this.port = await listen(this.#server, host, port);
    this.url = urlOf(host, this.port);
  }

  deploy(fn: FunctionSpec): Promise<void> {
    const deploying = this.#deploying.then(() => this.#deploy(fn));
    this.#deploying = deploying.catch(() => {});
    return deploying;
  }

  async #deploy(fn: FunctionSpec): Promise<void> {
    const python = fn.runtimeKind === 'python' ? await this.#pythons.of(fn) : undefined;
    const code = await this.#code.place(fn, { debugged: this.#instances.isDebugged(fn) });
    try {
      checkCode(fn, code.dir);
      const triggers = this.#triggersOf(fn);
      const pool = this.#instances.createPool({ ...fn, codeDir: code.dir }, python);
      if (this.#closed) throw new FcError('ServiceUnavailable', 'The runtime is stopping');
      this.#functions.replace({ fn, pool, triggers, code });
      if (this.#resumed) this.#async.resume();
    } catch (error) {
      await code.remove();
      throw error;
    }
  }

  remove(name: string): void {
    this.#functions.remove(name);
  }

  async invoke(
    name: string,
    event: Buffer,
    options: InvokeOptions = {},
  ): Promise<InvocationResult> {
    const { fn, pool } = this.#functions.get(name);
    if (event.length > MAX_PAYLOAD_BYTES) throw entityTooLarge();
    const requestId = options.requestId ?? this.#newRequestId();
    const credentials = this.#options.issueCredentials(fn, requestId);
    const retryCount = options.retryCount ?? 0;
    const { notAfter } = options;
    let status: number | undefined;
    const http = options.http && {
      ...options.http,
      respond(answer: Parameters<HttpRequestInput['respond']>[0]) {
        status = answer.status;
        options.http?.respond(answer);
      },
    };
    const result = await pool.run({ requestId, event, credentials, retryCount, notAfter, http });
    const seen = { functionName: fn.name, at: this.#options.clock.now(), event, result };
    for (const observe of this.#observers)
      observe(status === undefined ? seen : { ...seen, status });
    return result;
  }

  invokeAsync(
    name: string,
    event: Buffer,
    { requestId = this.#newRequestId() }: { requestId?: string } = {},
  ): AcceptedInvocation {
    const stored = this.#accept(
      this.#functions.get(name).fn,
      event,
      'Asynchronous invocation',
      requestId,
    );
    stored.catch((error) => this.#report(name, error));
    return { requestId, stored };
  }

  resume(): void {
    this.#resumed = true;
    this.#async.resume();
  }

  async fireTimer(functionName: string, triggerName?: string): Promise<InvocationResult> {
    const { fn, triggers } = this.#functions.get(functionName);
    const timers = triggers.filter((trigger) => trigger instanceof TimerTrigger);
    const timer = timers.find(({ name }) => triggerName === undefined || name === triggerName);
    if (timer) return timer.fire();
    const wanted = triggerName === undefined ? 'a timer trigger' : `timer trigger "${triggerName}"`;
    throw new FcError('TriggerNotFound', `Function "${fn.name}" does not have ${wanted}`);
  }

  httpTriggerUrl(functionName: string): string | undefined {
    const { fn } = this.#functions.get(functionName);
    return httpTrigger(fn) && `${this.url}/${encodeURIComponent(fn.resource)}/`;
  }

  instances(functionName: string): InstanceState[] {
    return this.#functions.get(functionName).pool.states;
  }

  logs(functionName: string): LogLine[] {
    return this.#logs.of(this.#functions.get(functionName).fn.name);
  }

  observe(listener: (invocation: ObservedInvocation) => void): () => void {
    this.#observers.add(listener);
    return () => void this.#observers.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#deploying;
    this.#functions.stopTriggers();
    const stored = this.#async.close();
    await Promise.all([stored, close(this.#server), this.#functions.closePools()]);
    await removeTree(this.#folder);
    if (!this.#options.watchdog) await this.#watchdog.close();
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

  /** Region and account, as in ARNs. */
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
