import type { ContextCredentials, FunctionContext } from '../fc/context.ts';
import type { ObservedInvocation } from '../fc/local-api.ts';
import type { FcRuntime, InvocationResult, InvokeOptions, LogLine } from '../fc/runtime.ts';
import type { RunningCloud } from '../local-cloud.ts';
import type { FunctionSpec } from '../project/types.ts';
import { functionOf } from '../start/credentials.ts';
import { type FunctionContextOptions, functionContext } from './function-context.ts';

/** What a test needs to call a handler in its own process. */
export interface CalledDirectly {
  /** Context with a fresh credential of the function's role. */
  context: FunctionContext;
  /**
   * The function's part of process.env: its own variables, the services' addresses and
   * LOG_LEVEL=silent.
   */
  env: Record<string, string>;
  /** Restores process.env. */
  restore(): void;
}

/** One function of the project. */
export class TestFunction {
  /** Its declaration, as the local cloud read it. */
  readonly spec: FunctionSpec;
  readonly #cloud: RunningCloud;
  readonly #observed: readonly ObservedInvocation[];

  /** Throws an Error that lists the existing functions when s.yaml declares no such function. */
  constructor(cloud: RunningCloud, name: string, observed: readonly ObservedInvocation[]) {
    const spec = functionOf(cloud.project, name);
    const left = cloud.project?.leftOut?.find(({ resource }) => resource === name);
    if (!spec && left)
      throw new Error(`${left.what} (${left.source}) does not run: ${left.reason}: ${left.remedy}`);
    const known = cloud.project?.functions.map(({ resource }) => resource).join(', ');
    if (!spec) throw new Error(`s.yaml declares no function "${name}"; it has ${known ?? 'none'}`);
    this.spec = spec;
    this.#cloud = cloud;
    this.#observed = observed;
  }

  /** Its variables in s.yaml. */
  get env(): Record<string, string> {
    return this.spec.environmentVariables;
  }

  /** Address of its HTTP trigger, with a slash at the end. Throws an Error for a function without one. */
  get url(): string {
    const url = this.#fc.httpTriggerUrl(this.spec.name);
    if (url === undefined) throw new Error(`"${this.spec.resource}" has no HTTP trigger`);
    return url;
  }

  /** Issues a fresh credential of the function's role. Throws an Error for a function without a role. */
  credentials(): ContextCredentials {
    return this.#cloud.credentialsOf(this.spec.name);
  }

  /**
   * Returns a context as FC would pass it, with a fresh credential of the role, if there is one.
   */
  context(options: FunctionContextOptions = {}): FunctionContext {
    const { name, role, timeout, memorySize } = this.spec;
    const { region, accountId } = this.#cloud;
    return functionContext({
      functionName: name,
      ...(role !== undefined && { credentials: this.credentials() }),
      region,
      accountId,
      timeout,
      memory: memorySize,
      ...options,
    });
  }

  /** Puts the function's variables into process.env, so that its handler can be called in this process. Call `restore` at the end of the test. */
  calledDirectly(options: FunctionContextOptions = {}): CalledDirectly {
    const env = { ...this.env, ...this.#cloud.environment, LOG_LEVEL: 'silent' };
    const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, env);
    return {
      context: this.context(options),
      env,
      restore() {
        for (const [name, value] of before)
          if (value === undefined) delete process.env[name];
          else process.env[name] = value;
      },
    };
  }

  /** Invokes the function synchronously; a failure of its own is a result with `errorType`. */
  invoke(event: string | Uint8Array, options: InvokeOptions = {}): Promise<InvocationResult> {
    return this.#fc.invoke(this.spec.name, Buffer.from(event), options);
  }

  /** Runs a timer trigger now, enabled or not: the named one, or the function's first. */
  fireTimer(triggerName?: string): Promise<InvocationResult> {
    return this.#fc.fireTimer(this.spec.name, triggerName);
  }

  /**
   * Returns the attempts of its invocations since the cloud started, whatever triggered them, among
   * the last 10,000 of all functions: the event and its result.
   */
  invocations(): ObservedInvocation[] {
    return this.#observed.filter(({ functionName }) => functionName === this.spec.name);
  }

  /** Returns the last lines that it printed, up to 1,000. */
  logs(): LogLine[] {
    return this.#fc.logs(this.spec.name);
  }

  /**
   * Deploys it again with other properties or more variables; new invocations go to new instances.
   */
  async redeploy(change: Partial<FunctionSpec> = {}): Promise<void> {
    const environmentVariables = { ...this.env, ...change.environmentVariables };
    await this.#fc.deploy({ ...this.spec, ...change, environmentVariables });
  }

  get #fc(): FcRuntime {
    if (this.#cloud.fc) return this.#cloud.fc;
    throw new Error('The cloud was started without functions: leave out `functions: false`');
  }
}
