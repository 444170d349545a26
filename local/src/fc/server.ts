import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Clock } from '../clock.ts';
import { DataNotWritten } from '../data/not-written.ts';
import { BodyTooLarge, readBody } from '../http/body.ts';
import { httpServer } from '../http/server.ts';
import type { AccessKey, Authority } from '../identities/types.ts';
import { Nonces } from '../openapi/nonces.ts';
import { percentDecodeOrKeep } from '../percent.ts';
import type { FunctionSpec } from '../project/types.ts';
import { noteOf, notingAuthority, type ObserveRequest, withNotes } from '../requests/observe.ts';
import { authenticateAcs3, authenticateFc, type SignedRequest } from './api/authenticate.ts';
import { type InvokeApiOptions, invokeFunction } from './api/invoke.ts';
import { apiRoute, functionArn, isApi, versionOf } from './api/route.ts';
import { FcError } from './errors.ts';
import { MAX_PAYLOAD_BYTES } from './instance/headers.ts';
import { isLocal, type LocalApiOptions, serveLocal } from './local-api.ts';
import { newRequestId } from './request-id.ts';
import { entityTooLarge, type HttpTriggerOptions, handleHttp } from './triggers/http.ts';
import type { HttpAnswer } from './triggers/http-response.ts';

/**
 * Maximum first line and headers of a request, in bytes, for Node: more than Function Compute
 * allows, whose limit is checked later.
 */
const MAX_HEAD_BYTES = 128 * 1024;

export interface ServerOptions
  extends Omit<HttpTriggerOptions, 'authenticate' | 'now'>,
    Omit<InvokeApiOptions, 'invoke'>,
    Omit<LocalApiOptions, 'find' | 'logs'> {
  clock: Clock;
  region: string;
  /** Absent: every signed request is refused. */
  authority: Authority | undefined;
  /** Called for each request to the API and to HTTP triggers; absent: requests are not observed. */
  observeRequest?: ObserveRequest | undefined;
  find(name: string): FunctionSpec | undefined;
  /** Called with the runtime's own errors. */
  onError(error: unknown): void;
}

interface Exchange {
  request: IncomingMessage;
  requestId: string;
  path: string;
  query: string;
}

/**
 * Function Compute's edge: the invocation API of 3.0 and 2.0, HTTP triggers at `/<function>/…` and
 * at `<function>.localhost`, and the requests of this machine's tools under `/_local/`.
 */
export function createFcServer(options: ServerOptions): Server {
  const nonces = new Nonces(options.clock);
  const listener: RequestListener = (request, response) =>
    void serve(request, response, { ...options, nonces });
  const noted = withNotes(listener, options.observeRequest, {
    service: 'FC',
    clock: options.clock,
  });
  return httpServer(
    (request, response) =>
      isForTools(request) ? listener(request, response) : noted(request, response),
    { clock: options.clock, maxHeadBytes: MAX_HEAD_BYTES },
  );
}

/** Returns whether a request is from this machine's tools, and none of the account's. */
function isForTools(request: IncomingMessage): boolean {
  return hostName(request) === undefined && isLocal(splitTarget(request.url ?? '/').path);
}

type Edge = ServerOptions & { nonces: Nonces };

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: Edge,
): Promise<void> {
  const requestId = newRequestId(options.clock.now());
  response.setHeader('x-fc-request-id', requestId);
  const note = noteOf(request);
  if (note) {
    note.requestId = requestId;
    note.operation = 'fc:InvokeFunction';
  }
  const exchange = { request, requestId, ...splitTarget(request.url ?? '/') };
  try {
    // Route
    const byHost = hostName(request);
    if (isForTools(request)) return serveLocal(request, response, exchange.path, options);
    const answer =
      byHost === undefined && isApi(exchange.path)
        ? await serveApi(exchange, options)
        : await serveTrigger(exchange, byHost, options);
    reply(request, response, answer);
  } catch (error) {
    refuse(exchange, response, error, options);
  }
}

async function serveApi(
  { request, requestId, path, query }: Exchange,
  options: Edge,
): Promise<HttpAnswer> {
  // Parse
  const parameters = new URLSearchParams(query);
  const route = apiRoute(request.method ?? '', path, parameters);
  const body = await readBody(request, MAX_PAYLOAD_BYTES).catch((error) => {
    throw error instanceof BodyTooLarge ? entityTooLarge() : error;
  });

  // Authenticate and authorise: either signature, by its own name, on either version
  const signed = signedRequest(request, path, parameters, body);
  const place = `${options.region}:${options.accountId}`;
  const how = { ...options, authority: checkAuthority(request, options) };
  const key = /^FC /.test(signed.headers.authorization ?? '')
    ? authenticateFc(signed, how)
    : authenticateAcs3(signed, { ...how, strict: true });
  authorise(key, functionArn(route, place), request, options);

  // Dispatch
  return invokeFunction(request, route, body, requestId, options);
}

function serveTrigger(
  { request, requestId, path, query }: Exchange,
  byHost: string | undefined,
  options: Edge,
): Promise<HttpAnswer> {
  const [, first = '', rest = ''] = /^\/+([^/]*)(.*)$/s.exec(path) ?? [];
  const name = byHost ?? percentDecodeOrKeep(first);
  const fn = options.find(name);
  if (!fn) throw new FcError('FunctionNotFound', `Function "${name}" does not exist`);
  const rawPath = byHost === undefined ? rest || '/' : path;
  return handleHttp(
    request,
    { fn, rawPath, query, requestId },
    {
      ...options,
      now: () => options.clock.now(),
      authenticate(request, { fn, query, body }) {
        const signed = signedRequest(request, path, new URLSearchParams(query), body);
        const how = { ...options, authority: checkAuthority(request, options), strict: false };
        const key = authenticateAcs3(signed, how);
        const arn = `acs:fc:${options.region}:${options.accountId}:functions/${fn.name}`;
        authorise(key, arn, request, options);
      },
    },
  );
}

function signedRequest(
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  body: Buffer,
): SignedRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  return { method: request.method ?? '', path, query, headers, body };
}

function checkAuthority(request: IncomingMessage, { authority }: ServerOptions): Authority {
  if (authority) return notingAuthority(authority, noteOf(request));
  throw new FcError('NotImplemented', 'This runtime was started without an account to sign for');
}

function authorise(
  key: AccessKey,
  resource: string,
  request: IncomingMessage,
  options: ServerOptions,
): void {
  const { remoteAddress } = request.socket;
  const decision = checkAuthority(request, options).authorize(key, {
    action: 'fc:InvokeFunction',
    resource,
    ...(remoteAddress !== undefined && { sourceIp: remoteAddress }),
    secureTransport: false,
  });
  if (!decision.allowed) throw new FcError('AccessDenied', decision.reason);
}

/**
 * Returns the error for the client. A data folder that cannot be written to has already been
 * reported, any other unforeseen error goes to `onError`.
 */
function refusalOf(error: unknown): FcError {
  if (error instanceof FcError) return error;
  if (error instanceof DataNotWritten) return new FcError('InternalServerError', error.toClient);
  return new FcError('InternalServerError', 'The runtime failed');
}

function refuse(
  { request, requestId, path }: Exchange,
  response: ServerResponse,
  error: unknown,
  options: ServerOptions,
): void {
  const known = error instanceof FcError || error instanceof DataNotWritten;
  if (request.destroyed && !request.complete) return void response.destroy();
  if (!known) options.onError(error);
  if (response.headersSent) return void response.destroy();
  const refusal = refusalOf(error);
  const note = noteOf(request);
  if (note) note.code = refusal.code;
  request.resume();
  const isTrigger = hostName(request) !== undefined || !(isApi(path) || isLocal(path));
  reply(request, response, {
    status: refusal.status,
    headers: {
      'content-type': 'application/json',
      ...(isTrigger && { 'x-fc-error-type': errorTypeOf(refusal) }),
    },
    body: Buffer.from(refusal.body(requestId, versionOf(path))),
  });
}

/**
 * Returns X-Fc-Error-Type at an HTTP trigger: an answer that cannot be sent is the function's
 * error.
 */
function errorTypeOf({ code }: FcError): string {
  return code === 'BadResponse' ? 'UnhandledInvocationError' : 'FCCommonError';
}

/** Sends an answer. HEAD gets the length that the body would have, where that is known. */
function reply(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
): void {
  if (!Buffer.isBuffer(body)) {
    response.writeHead(status, headers);
    response.flushHeaders();
    // If either end aborts, so does the other.
    pipeline(body, response, () => {});
    return;
  }
  const length = status === 204 || status === 304 ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length }).end(method === 'HEAD' ? undefined : body);
}

function splitTarget(url: string): { path: string; query: string } {
  const target = url.replace(/^[a-z]+:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = (mark < 0 ? target : target.slice(0, mark)) || '/';
  return { path, query: mark < 0 ? '' : target.slice(mark + 1) };
}

/** Returns the function that `<function>.localhost` names. */
function hostName({ headers }: IncomingMessage): string | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  return host.endsWith('.localhost') ? host.slice(0, -'.localhost'.length) : undefined;
}
