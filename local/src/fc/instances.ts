import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { FunctionSpec } from '../project/types.ts';
import type { Watchdog } from '../watchdog.ts';
import { nodeCommand, pythonCommand } from './built-in-command.ts';
import { customCommand, DEFAULT_PORT } from './custom/custom-command.ts';
import { CustomInstance } from './custom/custom-instance.ts';
import { FixedPorts, type Listening } from './custom/fixed-ports.ts';
import { instanceEnvironment } from './environment.ts';
import type { Command } from './function-process.ts';
import { BuiltInInstance, type Instance, type InstanceOptions } from './instance.ts';
import type { LogLine } from './logs.ts';
import { Pool } from './pool.ts';
import type { RuntimeOptions } from './types.ts';

export interface InstancesOptions
  extends Pick<
    RuntimeOptions,
    | 'clock'
    | 'accountId'
    | 'region'
    | 'issueCredentials'
    | 'environment'
    | 'instanceLimit'
    | 'inspect'
  > {
  /** The runtime's own folder, for sockets and HOME. */
  folder: string;
  /** The compiled bootstrap. */
  bootstrap: string;
  /** Command prefix for every program. */
  prefix: readonly string[];
  watchdog: Watchdog;
  onLine(line: LogLine): void;
  newRequestId(): string;
}

/** Starts the instances of every function with what they need from the runtime. */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #ports = new FixedPorts();
  #started = 0;

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  /**
   * Returns an empty pool for one deployed version of a function, whose code is in `codeDir`.
   * `python` is the interpreter of a Python function.
   */
  createPool(fn: FunctionSpec, python?: string): Pool {
    const { clock, instanceLimit, issueCredentials, newRequestId } = this.#options;
    const limit = instanceLimit ?? Math.max(4, availableParallelism() * 2);
    const debugged = this.isDebugged(fn);
    const custom = fn.runtimeKind === 'custom';
    const listening: Listening = {};
    const pool: Pool = new Pool({
      clock,
      limit: () => (debugged || (custom && listening.on !== 'given') ? 1 : limit),
      concurrency: custom ? (fn.instanceConcurrency ?? 1) : 1,
      rests: !debugged,
      start: () =>
        custom
          ? this.#startCustom(fn, listening, (instance) => pool.dismiss(instance))
          : this.#startBuiltIn(fn, python),
      hookInvocation: () => {
        const requestId = newRequestId();
        return { requestId, credentials: issueCredentials(fn, requestId), retryCount: 0 };
      },
    });
    return pool;
  }

  /** Returns whether a debugger is to attach to the function, which only Node.js supports here. */
  isDebugged(fn: FunctionSpec): boolean {
    return this.#inspectOf(fn) !== undefined;
  }

  #startCustom(
    fn: FunctionSpec,
    listening: Listening,
    leave: (instance: Instance) => boolean,
  ): Instance {
    const port = fn.custom?.port ?? DEFAULT_PORT;
    const command = this.#prefixed(customCommand(fn, fn.codeDir));
    const common = this.#common(fn);
    return new CustomInstance({ ...common, command, port, ports: this.#ports, listening, leave });
  }

  #startBuiltIn(fn: FunctionSpec, python: string | undefined): Instance {
    const { folder, bootstrap } = this.#options;
    const common = this.#common(fn);
    const nth = `i${++this.#started}`;
    const socketPath =
      process.platform === 'win32' ? `\\\\.\\pipe\\${common.id}` : join(folder, `${nth}.sock`);
    const inspect = this.#inspectOf(fn);
    const command =
      python === undefined
        ? nodeCommand(fn, { bootstrap, socketPath, inspect })
        : pythonCommand(fn, python, socketPath);
    return new BuiltInInstance({
      ...common,
      command: this.#prefixed(command),
      socketPath,
      debugged: inspect !== undefined,
      gate: python === undefined && inspect === undefined && process.platform !== 'win32',
    });
  }

  #common(fn: FunctionSpec): InstanceOptions {
    const { clock, accountId, region, folder, watchdog, onLine } = this.#options;
    const id = `c-${randomUUID()}`;
    return {
      id,
      fn,
      accountId,
      region,
      clock,
      environment: instanceEnvironment({
        fn,
        accountId,
        region,
        instanceId: id,
        home: join(folder, 'home'),
        added: this.#options.environment,
        credentials: this.#options.issueCredentials(fn, id),
      }),
      watchdog,
      prefix: this.#options.prefix,
      onLine: (stream, text, requestId) =>
        onLine({
          at: clock.now(),
          functionName: fn.name,
          ...(requestId && { requestId }),
          stream,
          text,
        }),
    };
  }

  #prefixed(command: Command): Command {
    const [program, ...args] = [...this.#options.prefix, ...command];
    return [program ?? '', ...args];
  }

  #inspectOf({ name, resource, runtimeKind = 'node' }: FunctionSpec): RuntimeOptions['inspect'] {
    const { inspect } = this.#options;
    if (!inspect || runtimeKind !== 'node') return undefined;
    return [name, resource].includes(inspect.functionName) ? inspect : undefined;
  }
}
