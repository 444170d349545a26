import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FunctionSpec } from '../project/types.ts';
import { FcError } from './errors.ts';
import { newRequestId } from './request-id.ts';
import { type HttpTriggerOptions, handleHttp } from './triggers/http.ts';

export interface ServerOptions extends HttpTriggerOptions {
  find(name: string): FunctionSpec | undefined;
  /** Told of errors that are the runtime's own. */
  onError(error: unknown): void;
}

/** Function Compute's edge: HTTP triggers at `/<function>/…` and at `<function>.localhost`; the invocation API is not there yet. */
export function createFcServer(options: ServerOptions): Server {
  return createServer((request, response) => void serve(request, response, options));
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const requestId = newRequestId(options.now());
  response.setHeader('x-fc-request-id', requestId);
  try {
    // Route
    const route = routeOf(request);
    if (route.api)
      throw new FcError('NotImplemented', 'The invocation API is not implemented here');

    // Parse: the event is made of the request by the trigger, once the function is known
    const fn = options.find(route.name);
    if (!fn) throw new FcError('FunctionNotFound', `Function "${route.name}" does not exist`);

    // Authenticate and authorise: only anonymous triggers are deployed

    // Dispatch
    const call = { fn, rawPath: route.rawPath, query: route.query, requestId };
    const { status, headers, body } = await handleHttp(request, call, options);
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
  } catch (error) {
    refuse(request, response, requestId, error, options);
  }
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: unknown,
  options: ServerOptions,
): void {
  const known = error instanceof FcError;
  if (request.destroyed && !request.complete) return void response.destroy();
  if (!known) options.onError(error);
  const told = known ? error : new FcError('InternalServerError', 'The runtime failed');
  request.resume();
  response.writeHead(told.status, { 'content-type': 'application/json' }).end(told.body(requestId));
}

interface Route {
  api: boolean;
  name: string;
  rawPath: string;
  query: string;
}

function routeOf(request: IncomingMessage): Route {
  const target = (request.url ?? '/').replace(/^[a-z]+:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = (mark < 0 ? target : target.slice(0, mark)) || '/';
  const query = mark < 0 ? '' : target.slice(mark + 1);

  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (host.endsWith('.localhost'))
    return { api: false, name: host.slice(0, -'.localhost'.length), rawPath: path, query };

  const api = /^\/(2023-03-30|2016-08-15)(\/|$)/.test(path);
  const [, name = '', rest = ''] = /^\/+([^/]*)(.*)$/s.exec(path) ?? [];
  return { api, name: safelyDecoded(name), rawPath: rest || '/', query };
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
