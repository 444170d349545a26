import { type ErrorType, MAX_PAYLOAD_BYTES } from './headers.ts';
import type { Callable } from './load.ts';

/** The bytes of a call's result or of its error. */
export interface Answer {
  body: Buffer;
  errorType?: ErrorType;
}

/** An error that a handler passed to its callback, as opposed to one it threw. */
class CallbackError {
  constructor(readonly reason: unknown) {}
}

/**
 * Calls a handler that is asynchronous (a promise) or takes a callback as its last parameter. One
 * that declares no callback and returns no promise is done when it returns.
 */
export function callHandler(handler: Callable, args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result: unknown): void => {
      if (error !== null && error !== undefined) reject(new CallbackError(error));
      else resolve(result);
    };
    const returned = handler(...args, callback);
    if (isThenable(returned)) returned.then(resolve, reject);
    else if (handler.length <= args.length) resolve(returned);
  });
}

/**
 * Converts a result: a Buffer unchanged, an object to JSON, null and undefined to nothing, anything
 * else to a string.
 */
export function toBytes(result: unknown): Buffer {
  if (result === null || result === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(result)) return result;
  if (typeof result === 'object') return Buffer.from(JSON.stringify(result) ?? '');
  return Buffer.from(String(result));
}

/** Returns the answer for a result, or the error about its size or form. */
export function resultAnswer(result: unknown): Answer {
  const body = toBytes(result);
  if (body.length <= MAX_PAYLOAD_BYTES) return { body };
  return errorAnswer(
    new Error(
      `Response payload size (${body.length} bytes) exceeds maximum allowed size (${MAX_PAYLOAD_BYTES} bytes)`,
    ),
    'UnhandledInvocationError',
  );
}

/**
 * Returns the answer `{errorMessage, errorType, stackTrace}`. An error given to the callback is a
 * handled error, unless `type` is InitializationError; a value that is no Error has no stack.
 */
export function errorAnswer(
  thrown: unknown,
  type: 'UnhandledInvocationError' | 'InitializationError',
): Answer {
  const handled = thrown instanceof CallbackError;
  return {
    body: Buffer.from(JSON.stringify(describe(reasonOf(thrown)))),
    errorType: handled && type !== 'InitializationError' ? 'HandledInvocationError' : type,
  };
}

/** Returns the original error, thrown or passed to the callback. */
export function reasonOf(thrown: unknown): unknown {
  return thrown instanceof CallbackError ? thrown.reason : thrown;
}

function describe(reason: unknown): object {
  if (reason instanceof Error)
    return {
      errorMessage: String(reason.message),
      errorType: String(reason.name),
      stackTrace: String(reason.stack ?? reason).split('\n'),
    };
  return { errorMessage: asText(reason), errorType: typeof reason, stackTrace: [] };
}

function asText(reason: unknown): string {
  if (typeof reason !== 'object' || reason === null) return String(reason);
  try {
    return JSON.stringify(reason);
  } catch {
    return Object.prototype.toString.call(reason);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
