import type { IncomingMessage } from 'node:http';
import { BodyTooLarge, readBody } from '../../http/body.ts';
import type { FunctionSpec, HttpTriggerSpec } from '../../project/types.ts';
import { FcError } from '../errors.ts';
import { MAX_PAYLOAD_BYTES } from '../instance/headers.ts';
import type { HttpRequestInput, InvocationResult } from '../invocation.ts';
import { preflightAnswer, withCors } from './http-cors.ts';
import { atDefaultDomain } from './http-default-domain.ts';
import { httpEvent } from './http-event.ts';
import { forward } from './http-forward.ts';
import { authenticateJwt } from './http-jwt.ts';
import { headerPairs, type RequestParts } from './http-request.ts';
import { type HttpAnswer, httpAnswer, MAX_HEADERS_BYTES } from './http-response.ts';

/** Maximum of path and query together. */
const MAX_TARGET_BYTES = 4 * 1024;

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
  /**
   * True: as at the default domain, which refuses redirects and makes browsers save pages as files.
   */
  defaultDomain?: boolean | undefined;
  now(): number;
  invoke(
    name: string,
    event: Buffer,
    options: { requestId: string; http?: HttpRequestInput },
  ): Promise<InvocationResult>;
  /** Resolves when the event is accepted. */
  invokeAsync(name: string, event: Buffer, options: { requestId: string }): Promise<void>;
  /**
   * Checks that a signed request is authentic and that its signer may invoke the function. Throws
   * an FcError.
   */
  authenticate(request: IncomingMessage, signed: SignedHttp): void;
}

/** What a signature is checked against, besides the request itself. */
export interface SignedHttp {
  fn: FunctionSpec;
  query: string;
  body: Buffer;
}

/**
 * Returns whether `x-fc-invocation-type` asks for an asynchronous invocation. Throws
 * InvalidArgument for an unknown value.
 */
export function isAsync(request: IncomingMessage): boolean {
  const type = request.headers['x-fc-invocation-type']?.toString().toLowerCase() ?? 'sync';
  if (type === 'sync' || type === 'async') return type === 'async';
  throw new FcError('InvalidArgument', `x-fc-invocation-type is "${type}": give Sync or Async`);
}

/** Returns the function's HTTP trigger; there is at most one. */
export function httpTrigger({ triggers }: FunctionSpec): HttpTriggerSpec | undefined {
  return triggers.find((trigger) => trigger.type === 'http');
}

/**
 * Runs the function on an HTTP request. Throws an FcError for a request refused before the function
 * is reached.
 */
export async function handleHttp(
  request: IncomingMessage,
  call: HttpCall,
  options: HttpTriggerOptions,
): Promise<HttpAnswer> {
  const { fn, rawPath, query, requestId } = call;
  const trigger = httpTrigger(fn);
  if (!trigger) throw new FcError('TriggerNotFound', `Function "${fn.name}" has no HTTP trigger`);
  const method = request.method ?? '';
  const preflight = preflightAnswer(request, trigger);
  if (preflight) return preflight;
  // Status and X-Fc-Error-Type are those seen in production; the code is that of its other 403s.
  if (!trigger.methods.includes(method))
    throw new FcError(
      'AccessDenied',
      `Method ${method} is not allowed, the HTTP trigger of function "${fn.name}" takes ${trigger.methods.join(', ')}`,
    );
  checkSize('Path and query', `${rawPath}${query && `?${query}`}`, MAX_TARGET_BYTES);
  checkSize('Headers', request.rawHeaders.join(''), MAX_HEADERS_BYTES);
  const body = await readBody(request, MAX_PAYLOAD_BYTES).catch((error) => {
    throw error instanceof BodyTooLarge ? entityTooLarge() : error;
  });
  const parts = { headers: headerPairs(request.rawHeaders), query, body };
  const authenticated = await authenticate(request, { ...call, trigger }, parts, options);
  const event = httpEvent(request, {
    ...authenticated,
    rawPath,
    accountId: options.accountId,
    domainPrefix: fn.resource,
    requestId,
    now: options.now(),
  });
  const bytes = Buffer.from(JSON.stringify(event));
  const target = rawPath + (authenticated.query && `?${authenticated.query}`);
  const run = (): Promise<HttpAnswer> =>
    fn.runtimeKind === 'custom'
      ? forward({ ...authenticated, method, target }, (http) =>
          options.invoke(fn.name, bytes, { requestId, http }),
        )
      : options.invoke(fn.name, bytes, { requestId }).then(httpAnswer);
  const answer = withCors(
    await (isAsync(request) ? runLater(fn, bytes, requestId, options) : run()),
    request,
    trigger,
  );
  return options.defaultDomain ? atDefaultDomain(answer) : answer;
}

async function runLater(
  fn: FunctionSpec,
  event: Buffer,
  requestId: string,
  { invokeAsync }: HttpTriggerOptions,
): Promise<HttpAnswer> {
  await invokeAsync(fn.name, event, { requestId });
  return { status: 202, headers: {}, body: Buffer.alloc(0) };
}

/**
 * Returns the request as the function gets it. Throws FcError for one that the trigger's authType
 * refuses, which is every request where the authType is unknown.
 */
async function authenticate(
  request: IncomingMessage,
  { fn, rawPath, trigger }: HttpCall & { trigger: HttpTriggerSpec },
  parts: RequestParts,
  options: HttpTriggerOptions,
): Promise<RequestParts> {
  const { authType } = trigger;
  if (authType === 'anonymous') return parts;
  if (authType === 'jwt') return authenticateJwt(trigger, rawPath, parts, options.now());
  if (authType !== 'function')
    throw new FcError('AccessDenied', `authType ${authType} cannot be verified here`);
  options.authenticate(request, { fn, query: parts.query, body: parts.body });
  return parts;
}

/** Throws for a text that is too long; Node has one character for each byte. */
function checkSize(what: string, { length }: string, most: number): void {
  if (length > most)
    throw new FcError('InvalidArgument', `${what} have ${length} bytes, ${most} at most are taken`);
}

export function entityTooLarge(): FcError {
  return new FcError(
    'EntityTooLarge',
    `payload size exceeds maximum allowed size (${MAX_PAYLOAD_BYTES} bytes)`,
  );
}
