import type { Clock } from '../clock.ts';
import type { Authority } from '../identities/types.ts';
import type { FunctionSpec } from '../project/types.ts';
import type { ObserveRequest } from '../requests/observe.ts';
import type { Watchdog } from '../watchdog.ts';
import type { ContextCredentials } from './context.ts';
import type { HttpRequestInput, InvocationResult } from './invocation.ts';
import type { ObservedInvocation } from './local-api.ts';
import type { LogLine } from './logs.ts';
import type { InstanceState } from './pool.ts';
import type { EventSources, RoleCheck } from './sources.ts';

export interface RuntimeOptions {
  clock: Clock;
  accountId: string;
  region: string;
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /**
   * Returns a fresh credential for each invocation of a function with a role, and for each
   * instance's environment, in the name of the request or the instance; undefined for a function
   * without a role.
   */
  issueCredentials(fn: FunctionSpec, holder: string): ContextCredentials | undefined;
  /**
   * Variables added to every function's environment, over those of s.yaml: SMQ_ENDPOINT,
   * OSS_ENDPOINT.
   */
  environment: Record<string, string>;
  /** Maximum number of instances of one function at once; further invocations wait. */
  instanceLimit?: number;
  /** Verifies signed requests; absent: all are refused. */
  authority?: Authority;
  /** Sources of triggers and destinations; absent: there are none. */
  sources?: EventSources;
  /**
   * Called before a role given to a trigger or a destination is used; absent: everything is
   * allowed.
   */
  checkRole?: RoleCheck;
  /** A function, by name or key, to debug: it has one instance, which listens for a debugger, is never frozen and has no time limit. `waits`: it runs nothing until one is attached. */
  inspect?: { functionName: string; port: number; waits?: boolean };
  /** Folder for waiting asynchronous invocations; absent: they are kept in memory. */
  data?: string;
  /** Whether acknowledged ones are synced to the disk, not only handed to the operating system. */
  sync?: boolean;
  /** True: HTTP triggers answer as at their default domain in the cloud. */
  defaultDomain?: boolean;
  onLog?(line: LogLine): void;
  /** Address of the console, once it runs, for this machine's tools. */
  consoleUrl?(): string | undefined;
  /** Called for each request to the API and to HTTP triggers; absent: requests are not observed. */
  observeRequest?: ObserveRequest;
  /** Ends the instances if this process cannot; absent: the runtime starts its own. */
  watchdog?: Watchdog;
}

export interface InvokeOptions {
  requestId?: string;
  /** Number of this retry of an asynchronous invocation. */
  retryCount?: number;
  /** Milliseconds since the epoch: an event that still waits for an instance then is refused (FcError AsyncEventTooOld). */
  notAfter?: number;
  /**
   * The request from which the event was made: a custom runtime gets it unchanged, the others get
   * the event.
   */
  http?: HttpRequestInput;
}

export interface AcceptedInvocation {
  requestId: string;
  /**
   * Resolves when the event would survive the end of the process, which requires a data folder.
   * Rejects when it could not be written, and then it is not run.
   */
  stored: Promise<void>;
}

/** A local Function Compute. Functions are found by their deployed name or by their key in s.yaml. */
export interface FcRuntime {
  url: string;
  port: number;
  /**
   * Deploys a function, or a new version of it: new invocations go to new instances, while old ones
   * finish their work. Throws a LocalCloudError for a function that cannot run here.
   */
  deploy(fn: FunctionSpec): Promise<void>;
  /**
   * Removes a function: its triggers stop, and its current work is finished. Does nothing when it
   * does not exist.
   */
  remove(name: string): void;
  /**
   * Invokes synchronously. A function's failure is a result with `errorType`; throws an FcError for
   * an event refused before the function is reached (unknown function, event over 32 MB, runtime
   * stopping).
   */
  invoke(name: string, event: Buffer, options?: InvokeOptions): Promise<InvocationResult>;
  /**
   * Invokes asynchronously: failures are retried, and the outcome goes to the destination in
   * asyncInvokeConfig. Throws an FcError for an unknown function and an event over 128 KB.
   */
  invokeAsync(name: string, event: Buffer, options?: { requestId?: string }): AcceptedInvocation;
  /**
   * Continues with the asynchronous invocations that an earlier runtime left in the data folder;
   * those of a function that is deployed later follow with it. Call it once the functions are
   * deployed.
   */
  resume(): void;
  /** Runs a timer trigger now, enabled or not: the named one, or the function's first. */
  fireTimer(functionName: string, triggerName?: string): Promise<InvocationResult>;
  /**
   * Returns `http://127.0.0.1:<port>/<function>/`, or undefined when the function has no HTTP
   * trigger.
   */
  httpTriggerUrl(functionName: string): string | undefined;
  /** Returns the instances of the function's newest version. */
  instances(functionName: string): InstanceState[];
  /** Returns the last lines of the function, up to 1000. */
  logs(functionName: string): LogLine[];
  /** Calls `listener` after each attempt of an invocation; the returned function removes it. */
  observe(listener: (invocation: ObservedInvocation) => void): () => void;
  /** Ends every instance, whether busy or not, within two seconds. */
  close(): Promise<void>;
}
