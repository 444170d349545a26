import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { FunctionSpec } from '../project/types.ts';
import { instanceEnvironment } from './environment.ts';
import { Instance } from './instance.ts';
import type { LogLine } from './logs.ts';
import { Pool } from './pool.ts';
import type { RuntimeOptions } from './types.ts';
import type { Watchdog } from './watchdog.ts';

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
  /** The runtime's own, for sockets and HOME. */
  folder: string;
  /** The compiled bootstrap. */
  bootstrap: string;
  watchdog: Watchdog;
  onLine(line: LogLine): void;
  newRequestId(): string;
}

/** Starts the instances of every function, with all that one needs of the runtime. */
export class Instances {
  readonly #options: InstancesOptions;
  #started = 0;

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  /** An empty pool for one deployed version of a function. */
  createPool(fn: FunctionSpec): Pool {
    const { clock, instanceLimit, issueCredentials, newRequestId } = this.#options;
    const limit = instanceLimit ?? Math.max(4, availableParallelism() * 2);
    const inspected = this.#inspectPort(fn) !== undefined;
    return new Pool({
      clock,
      limit: inspected ? 1 : limit,
      rests: !inspected,
      start: (requestId) => this.#start(fn, requestId),
      hookInvocation: () => {
        const requestId = newRequestId();
        return { requestId, credentials: issueCredentials(fn, requestId), retryCount: 0 };
      },
    });
  }

  #start(fn: FunctionSpec, startedBy: string): Instance {
    const { clock, accountId, region, folder, bootstrap, watchdog, onLine } = this.#options;
    const id = `c-${randomUUID()}`;
    const nth = `i${++this.#started}`;
    return new Instance({
      id,
      fn,
      accountId,
      region,
      clock,
      bootstrap,
      socketPath: process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : join(folder, `${nth}.sock`),
      environment: instanceEnvironment({
        fn,
        accountId,
        region,
        instanceId: id,
        home: join(folder, 'home'),
        added: this.#options.environment,
        credentials: this.#options.issueCredentials(fn, startedBy),
      }),
      watchdog,
      inspectPort: this.#inspectPort(fn),
      onLine: (stream, text, requestId) =>
        onLine({
          at: clock.now(),
          functionName: fn.name,
          ...(requestId && { requestId }),
          stream,
          text,
        }),
    });
  }

  #inspectPort({ name, resource }: FunctionSpec): number | undefined {
    const { inspect } = this.#options;
    return inspect && [name, resource].includes(inspect.functionName) ? inspect.port : undefined;
  }
}
