import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromLocalProgram } from '../http/loopback.ts';
import { percentDecodeOrKeep } from '../percent.ts';
import type { FunctionSpec } from '../project/types.ts';
import { FcError } from './errors.ts';
import type { InvocationResult } from './invocation.ts';
import type { LogLine } from './logs.ts';

/** One past invocation, as a recording stores it. */
export interface ObservedInvocation {
  functionName: string;
  /** Milliseconds since the epoch, of its end. */
  at: number;
  event: Buffer;
  result: InvocationResult;
  /** Status of a program that takes requests unchanged: its result is empty then. */
  status?: number;
}

export interface LocalApiOptions {
  find(name: string): FunctionSpec | undefined;
  logs(name: string): LogLine[];
  /** Calls `listener` with each later line; the returned function removes it. */
  observeLogs(listener: (line: LogLine) => void): () => void;
  /** Calls `listener` after each attempt of an invocation; the returned function removes it. */
  observe(listener: (invocation: ObservedInvocation) => void): () => void;
  /** Address of the console; undefined without one. */
  consoleUrl?: (() => string | undefined) | undefined;
}

/** Two of the largest invocations, in base64. */
const MAX_UNREAD_BYTES = 256 * 1024 * 1024;

export function isLocal(path: string): boolean {
  return path === '/_local' || path.startsWith('/_local/');
}

/**
 * Serves this machine's tools, under a path that Function Compute does not have: `/_local/console`,
 * the console's address; `/_local/logs/<function>`, an array of lines; `/_local/lines/<function>`,
 * those lines and all later ones, and `/_local/invocations/<function>`, each one JSON object a line
 * for as long as the connection lasts. Unsigned, so only for callers on this machine that use a
 * loopback address: a page in a browser could reach it by another.
 */
export function serveLocal(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  options: LocalApiOptions,
): void {
  checkLocal(request);
  const url = options.consoleUrl?.();
  if (request.method === 'GET' && path === '/_local/console' && url !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ url }));
    return;
  }
  const [, what, name = ''] = /^\/_local\/(logs|lines|invocations)\/([^/]+)$/.exec(path) ?? [];
  if (request.method !== 'GET' || !what)
    throw new FcError('PathNotSupported', `${request.method} ${path} is not there`);
  const fn = options.find(percentDecodeOrKeep(name));
  if (!fn) throw new FcError('FunctionNotFound', `Function "${name}" does not exist`);
  if (what === 'logs') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(options.logs(fn.name)));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const write = (line: object): void => {
    response.write(`${JSON.stringify(line)}\n`);
    // A client that reads too slowly is disconnected: otherwise all its unread data would be kept
    // here.
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  };
  if (what === 'lines') {
    for (const line of options.logs(fn.name)) write(line);
    const end = options.observeLogs((line) => line.functionName === fn.name && write(line));
    return void response.on('close', end);
  }
  const end = options.observe(({ functionName, at, event, result, status }) => {
    if (functionName !== fn.name) return;
    const { body, ...rest } = result;
    write({ at, event: event.toString('base64'), ...rest, status, body: body.toString('base64') });
  });
  response.on('close', end);
}

function checkLocal(request: IncomingMessage): void {
  if (isFromLocalProgram(request)) return;
  throw new FcError('AccessDenied', 'This path is for the tools of this machine only');
}
