import type { Readable } from 'node:stream';
import type { FunctionSpec } from '../project/types.ts';
import type { ContextCredentials } from './context.ts';
import { type ErrorType, HEADER } from './instance/headers.ts';

export type { ErrorType } from './instance/headers.ts';

/** One event on its way to a function. */
export interface InvocationInput {
  requestId: string;
  event: Buffer;
  /** A fresh credential of the function's role; undefined when it has none. */
  credentials: ContextCredentials | undefined;
  /** Which retry of an asynchronous invocation this is; 0 for the first try and for synchronous ones. */
  retryCount: number;
  /** Milliseconds since the epoch: still waiting for an instance then, it is not run any more. */
  notAfter?: number | undefined;
  /** The request that the event was made of, for a runtime that takes requests as they are. */
  http?: HttpRequestInput | undefined;
}

export type HeaderPair = readonly [name: string, value: string];

/** A request at a function's HTTP trigger as it came, which a custom runtime gets. */
export interface HttpRequestInput {
  method: string;
  /** Path and query, encoded. */
  target: string;
  headers: readonly HeaderPair[];
  body: Buffer;
  /** Called with the head of the answer; the invocation ends with the answer's last byte. Not called when there is no answer: the invocation's outcome says why. */
  respond(answer: { status: number; headers: readonly HeaderPair[]; body: Readable }): void;
}

/** What an instance made of it. `body` is the result, or with `errorType` the error as JSON. */
export interface Outcome {
  body: Buffer;
  errorType?: ErrorType;
  /** Why there is no answer of the function's own, where that is known. */
  ended?: Ending;
}

/** How a process ended before it had answered. */
export type Ending = 'timed out' | 'exited' | 'out of memory';

export interface InvocationResult extends Outcome {
  requestId: string;
  /** From the moment the runtime took the event, waiting and cold start included. */
  durationMs: number;
  /** True when the instance that ran it had been started for it. */
  coldStart: boolean;
  /** Of the instance that ran it; absent when none did. */
  instanceId?: string;
}

/** The headers that say to an instance what it is to run, for whom, and as whom. */
export function contractHeaders(
  fn: FunctionSpec,
  where: { accountId: string; region: string },
  { requestId, credentials, retryCount }: Omit<InvocationInput, 'event'>,
): Record<string, string> {
  return {
    [HEADER.requestId]: requestId,
    [HEADER.accessKeyId]: credentials?.accessKeyId ?? '',
    [HEADER.accessKeySecret]: credentials?.accessKeySecret ?? '',
    [HEADER.securityToken]: credentials?.securityToken ?? '',
    [HEADER.functionName]: fn.name,
    [HEADER.functionHandler]: fn.handler,
    [HEADER.functionInitializer]: fn.initializer?.handler ?? '',
    [HEADER.functionMemory]: String(fn.memorySize),
    [HEADER.functionTimeout]: String(fn.timeout),
    [HEADER.region]: where.region,
    [HEADER.accountId]: where.accountId,
    [HEADER.qualifier]: 'LATEST',
    [HEADER.retryCount]: String(retryCount),
  };
}

/** What a call comes to whose process ended before the answer. Milliseconds, and MB at most held. */
export function exitFailure(
  durationMs: number,
  maxMemoryMb: number,
  ended: Ending = 'exited',
): Outcome {
  return {
    ...failure(
      `Process exited unexpectedly before completing request (duration: ${Math.round(durationMs)}ms, maxMemoryUsage: ${maxMemoryMb}MB)`,
    ),
    ended,
  };
}

/** What a call comes to that took longer than it may. */
export function timeoutFailure(seconds: number, maxMemoryMb: number): Outcome {
  return {
    ...failure(`Function timed out after ${seconds} seconds (maxMemoryUsage: ${maxMemoryMb}MB)`),
    ended: 'timed out',
  };
}

/** An error that the runtime reports because the instance can't: `{"errorMessage": …}` and no more. */
export function failure(
  errorMessage: string,
  errorType: ErrorType = 'UnhandledInvocationError',
): Outcome {
  return { body: Buffer.from(JSON.stringify({ errorMessage })), errorType };
}
