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
  /** 0, the default, takes any free port. */
  port?: number;
  /** A fresh credential for each invocation of a function with a role, and for each instance's environment, in the name of the request or the instance; undefined for a function without a role. */
  issueCredentials(fn: FunctionSpec, holder: string): ContextCredentials | undefined;
  /** Added to every function's environment, over s.yaml's: SMQ_ENDPOINT, OSS_ENDPOINT. */
  environment: Record<string, string>;
  /** The most instances of one function at once; further invocations wait. */
  instanceLimit?: number;
  /** Whose signed requests are taken; absent: none. */
  authority?: Authority;
  /** What triggers listen to and destinations send to; absent: none of that is there. */
  sources?: EventSources;
  /** Asked before a role given to a trigger or a destination is used; absent: everything is allowed. */
  checkRole?: RoleCheck;
  /** A function, by name or key, to debug: it has one instance, which listens for a debugger, is never frozen and has no time limit. `waits`: it runs nothing until one is attached. */
  inspect?: { functionName: string; port: number; waits?: boolean };
  /** Folder for the asynchronous invocations that wait; absent: in memory. */
  data?: string;
  /** Whether those that are acknowledged are on the disk, and not only with the operating system. */
  sync?: boolean;
  /** True: HTTP triggers answer as at their default domain in the cloud. */
  defaultDomain?: boolean;
  onLog?(line: LogLine): void;
  /** Where the console is, once it is there, for the tools of this machine. */
  consoleUrl?(): string | undefined;
  /** Hears of each request to the API and to HTTP triggers; absent: nothing is noted. */
  observeRequest?: ObserveRequest;
  /** Whoever ends the instances if this process cannot; absent: one of the runtime's own. */
  watchdog?: Watchdog;
}

export interface InvokeOptions {
  requestId?: string;
  /** Which retry of an asynchronous invocation this is. */
  retryCount?: number;
  /** Milliseconds since the epoch: an event that still waits for an instance then is refused (FcError AsyncEventTooOld). */
  notAfter?: number;
  /** The request that the event was made of: a custom runtime gets it as it is, the others the event. */
  http?: HttpRequestInput;
}

export interface AcceptedInvocation {
  requestId: string;
  /** Resolves when the event would survive the end of the process, which takes a data folder. Rejects when it could not be written, and then it is not run. */
  stored: Promise<void>;
}

/** A local Function Compute. Functions are found by their deployed name or by their key in s.yaml. */
export interface FcRuntime {
  url: string;
  port: number;
  /** Puts a function, or a new version of it, in place: new invocations go to new instances, while old ones finish what they run. Throws a LocalCloudError for what can't run here. */
  deploy(fn: FunctionSpec): Promise<void>;
  /** Takes a function away: its triggers stop, and what it runs is finished. Nothing happens when it is not there. */
  remove(name: string): void;
  /** Invokes synchronously. A function's failure is a result with `errorType`; an FcError is thrown for what is refused before the function is reached (unknown function, event over 32 MB, runtime stopping). */
  invoke(name: string, event: Buffer, options?: InvokeOptions): Promise<InvocationResult>;
  /** Invokes asynchronously: failures are repeated, and the outcome goes where asyncInvokeConfig says. Throws an FcError for an unknown function and an event over 128 KB. */
  invokeAsync(name: string, event: Buffer, options?: { requestId?: string }): AcceptedInvocation;
  /** Goes on with the asynchronous invocations that an earlier runtime left in the data folder; those of a function that is deployed later follow with it. Call it once the functions are deployed. */
  resume(): void;
  /** Runs a timer trigger now, enabled or not: the named one, or the function's first. */
  fireTimer(functionName: string, triggerName?: string): Promise<InvocationResult>;
  /** `http://127.0.0.1:<port>/<function>/`, or undefined when the function has no HTTP trigger. */
  httpTriggerUrl(functionName: string): string | undefined;
  /** The instances of the function's newest version. */
  instances(functionName: string): InstanceState[];
  /** The last lines of the function, up to 1000. */
  logs(functionName: string): LogLine[];
  /** Calls `listener` after each try of an invocation; the returned function ends that. */
  observe(listener: (invocation: ObservedInvocation) => void): () => void;
  /** Ends every instance, busy or not, within two seconds. */
  close(): Promise<void>;
}
