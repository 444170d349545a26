import type { Readable } from 'node:stream';
import type { FunctionSpec } from '../project/types.ts';
import type { ContextCredentials } from './context.ts';
import { type ErrorType, HEADER } from './instance/headers.ts';

export type { ErrorType } from './instance/headers.ts';

/** One event for a function. */
export interface InvocationInput {
  requestId: string;
  event: Buffer;
  /** A fresh credential of the function's role; undefined when it has none. */
  credentials: ContextCredentials | undefined;
  /**
   * Number of this retry of an asynchronous invocation; 0 for the first attempt and for synchronous
   * ones.
   */
  retryCount: number;
  /**
   * Milliseconds since the epoch: an invocation that still waits for an instance then is not run.
   */
  notAfter?: number | undefined;
  /** The request from which the event was made, for a runtime that takes requests unchanged. */
  http?: HttpRequestInput | undefined;
}

export type HeaderPair = readonly [name: string, value: string];

/** A request at a function's HTTP trigger, unchanged, as a custom runtime gets it. */
export interface HttpRequestInput {
  method: string;
  /** Path and query, encoded. */
  target: string;
  headers: readonly HeaderPair[];
  body: Buffer;
  /**
   * Called with the head of the answer; the invocation ends with the answer's last byte. Not called
   * when there is no answer: the invocation's outcome gives the reason.
   */
  respond(answer: { status: number; headers: readonly HeaderPair[]; body: Readable }): void;
}

/**
 * Result of an invocation on an instance. `body` is the result, or with `errorType` the error as
 * JSON.
 */
export interface Outcome {
  body: Buffer;
  errorType?: ErrorType;
  /** Why the function gave no answer, where that is known. */
  ended?: Ending;
}

/** How a process ended before it answered. */
export type Ending = 'timed out' | 'exited' | 'out of memory';

export interface InvocationResult extends Outcome {
  requestId: string;
  /** Milliseconds since the runtime accepted the event, waiting and cold start included. */
  durationMs: number;
  /** Whether the instance that ran it was started for it. */
  coldStart: boolean;
  /** Id of the instance that ran it; absent when none did. */
  instanceId?: string;
}

/** Returns the headers that give an instance the handler, the request and the credential. */
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

/**
 * Returns the outcome of a call whose process ended before the answer. Milliseconds, and peak MB.
 */
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

/** Returns the outcome of a call that exceeded its timeout. */
export function timeoutFailure(seconds: number, maxMemoryMb: number): Outcome {
  return {
    ...failure(`Function timed out after ${seconds} seconds (maxMemoryUsage: ${maxMemoryMb}MB)`),
    ended: 'timed out',
  };
}

/**
 * Returns an error that the runtime reports because the instance cannot: `{"errorMessage": …}` and
 * no more.
 */
export function failure(
  errorMessage: string,
  errorType: ErrorType = 'UnhandledInvocationError',
): Outcome {
  return { body: Buffer.from(JSON.stringify({ errorMessage })), errorType };
}
