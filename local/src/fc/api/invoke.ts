import type { IncomingMessage } from 'node:http';
import type { FunctionSpec } from '../../project/types.ts';
import { FcError } from '../errors.ts';
import type { InvocationResult } from '../invocation.ts';
import type { LogLine } from '../logs.ts';
import { isAsync } from '../triggers/http.ts';
import type { HttpAnswer } from '../triggers/http-response.ts';
import type { ApiRoute } from './route.ts';

/** Maximum size of the log that the answer contains with `x-fc-log-type: Tail`. */
const MAX_TAIL_BYTES = 4 * 1024;

export interface InvokeApiOptions {
  find(name: string): FunctionSpec | undefined;
  invoke(name: string, event: Buffer, options: { requestId: string }): Promise<InvocationResult>;
  /** Resolves when the event is accepted. */
  invokeAsync(name: string, event: Buffer, options: { requestId: string }): Promise<void>;
  logs(name: string): LogLine[];
}

/**
 * Handles InvokeFunction of both versions. A function's error is an answer of 200 with
 * X-Fc-Error-Type; throws FcError for a request refused before the function runs.
 */
export async function invokeFunction(
  request: IncomingMessage,
  { functionName, qualifier }: ApiRoute,
  body: Buffer,
  requestId: string,
  options: InvokeApiOptions,
): Promise<HttpAnswer> {
  checkHeaders(request);
  const fn = options.find(functionName);
  if (!fn) throw new FcError('FunctionNotFound', `Function "${functionName}" does not exist`);
  if (qualifier !== 'LATEST')
    throw new FcError(
      /^\d+$/.test(qualifier) ? 'VersionNotFound' : 'AliasNotFound',
      `Function "${fn.name}" has no version or alias "${qualifier}" here, only LATEST`,
    );

  if (isAsync(request)) {
    await options.invokeAsync(fn.name, body, { requestId });
    return { status: 202, headers: {}, body: Buffer.alloc(0) };
  }
  const result = await options.invoke(fn.name, body, { requestId });
  const tail = String(request.headers['x-fc-log-type'] ?? '').toLowerCase() === 'tail';
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'x-fc-invocation-duration': String(result.durationMs),
      ...(result.errorType && { 'x-fc-error-type': result.errorType }),
      ...(tail && { 'x-fc-log-result': logTail(options.logs(fn.name), requestId) }),
    },
    body: result.body,
  };
}

function checkHeaders({ headers }: IncomingMessage): void {
  for (const name of [
    'x-fc-async-task-id',
    'x-fc-stateful-async-invocation-id',
    'x-fc-async-delay',
  ])
    if (headers[name] !== undefined)
      throw new FcError('NotImplemented', `Header ${name} is not implemented here`);
}

/** Returns the base64 of the last lines that the invocation printed. */
function logTail(lines: readonly LogLine[], requestId: string): string {
  const text = lines
    .filter((line) => line.requestId === requestId)
    .map((line) => `${line.text}\n`)
    .join('');
  return Buffer.from(text).subarray(-MAX_TAIL_BYTES).toString('base64');
}
