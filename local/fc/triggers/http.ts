import type { IncomingMessage } from 'node:http';
import { LocalCloudError } from '../../errors.ts';
import { BodyTooLarge, readBody } from '../../http/body.ts';
import type { FunctionSpec, HttpTriggerSpec } from '../../project/types.ts';
import { FcError } from '../errors.ts';
import { PAYLOAD_LIMIT_BYTES } from '../instance/headers.ts';
import type { InvocationResult } from '../invocation.ts';
import { httpEvent } from './http-event.ts';
import { type HttpAnswer, httpAnswer } from './http-response.ts';

/** A request at a function's address. */
export interface HttpCall {
  fn: FunctionSpec;
  /** Path after the address, encoded, with a leading slash. */
  rawPath: string;
  query: string;
  requestId: string;
}

export interface HttpTriggerOptions {
  accountId: string;
  now(): number;
  invoke(name: string, event: Buffer, options: { requestId: string }): Promise<InvocationResult>;
}

/** The function's HTTP trigger, of which a version has one at most. Throws a LocalCloudError for one that can't run here. */
export function httpTrigger(fn: FunctionSpec): HttpTriggerSpec | undefined {
  const triggers = fn.triggers.filter((trigger) => trigger.type === 'http');
  const [trigger, second] = triggers;
  const where = `function "${fn.name}" (${fn.source})`;
  if (second)
    throw new LocalCloudError(
      'TooManyHttpTriggers',
      `HTTP triggers "${trigger?.name}" and "${second.name}" of ${where}: a function has one at most`,
      'remove one of them',
    );
  if (trigger && trigger.authType !== 'anonymous')
    throw new LocalCloudError(
      'UnsupportedAuthType',
      `HTTP trigger "${trigger.name}" of ${where} has authType "${trigger.authType}"`,
      'set authType: anonymous, the only one that runs here',
    );
  return trigger;
}

/** Runs the function on an HTTP request. Throws an FcError for what is refused before the function is reached. */
export async function handleHttp(
  request: IncomingMessage,
  { fn, rawPath, query, requestId }: HttpCall,
  options: HttpTriggerOptions,
): Promise<HttpAnswer> {
  const trigger = httpTrigger(fn);
  if (!trigger) throw new FcError('TriggerNotFound', `Function "${fn.name}" has no HTTP trigger`);
  const method = request.method ?? '';
  // 405 is HTTP's word for it; what 3.0 answers is not documented (the pages on 2.0 list 403).
  if (!trigger.methods.includes(method))
    throw new FcError(
      'MethodNotAllowed',
      `Method ${method} is not allowed, the HTTP trigger of function "${fn.name}" takes ${trigger.methods.join(', ')}`,
    );
  if (request.headers['x-fc-invocation-type']?.toString().toLowerCase() === 'async')
    throw new FcError('NotImplemented', 'Asynchronous invocation is not implemented here');

  const body = await readBody(request, PAYLOAD_LIMIT_BYTES).catch((error) => {
    throw error instanceof BodyTooLarge ? entityTooLarge() : error;
  });
  const event = httpEvent(request, {
    rawPath,
    query,
    body,
    accountId: options.accountId,
    domainPrefix: fn.resource,
    requestId,
    now: options.now(),
  });
  const result = await options.invoke(fn.name, Buffer.from(JSON.stringify(event)), { requestId });
  return httpAnswer(result);
}

export function entityTooLarge(): FcError {
  return new FcError(
    'EntityTooLarge',
    `payload size exceeds maximum allowed size (${PAYLOAD_LIMIT_BYTES} bytes)`,
  );
}
