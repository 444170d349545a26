import { request as httpRequest, type IncomingMessage } from 'node:http';
import { PassThrough, pipeline } from 'node:stream';
import type { FunctionSpec } from '../../project/types.ts';
import { HEADER, MAX_PAYLOAD_BYTES } from '../instance/headers.ts';
import { contractHeaders, failure, type InvocationInput, type Outcome } from '../invocation.ts';

/** Calls that the runtime makes on its own, with their methods. */
const METHODS = { '/initialize': 'POST', '/invoke': 'POST', '/pre-stop': 'GET' } as const;

export type Path = keyof typeof METHODS;

/**
 * A program's answer; without an outcome when the connection ended before the answer was complete.
 */
export interface Attempt {
  outcome?: Outcome;
}

export interface ServerCall {
  fn: FunctionSpec;
  accountId: string;
  region: string;
  /** Port on which the program listens. */
  port: number;
  path: Path;
  invocation: InvocationInput;
}

/**
 * Sends one call to an instance's server: an event or a hook at the documented path, or the request
 * of an HTTP trigger unchanged.
 */
export function callServer(call: ServerCall): Promise<Attempt> {
  const { fn, accountId, region, port, path, invocation } = call;
  const http = path === '/invoke' ? invocation.http : undefined;
  const contract = {
    ...contractHeaders(fn, { accountId, region }, invocation),
    [HEADER.controlPath]: http ? '/http-invoke' : path,
  };
  const method = http?.method ?? METHODS[path];
  const body = http?.body ?? invocation.event;
  const own = http?.headers ?? [['content-type', 'application/octet-stream'] as const];
  const headers = [
    ...own.filter(([name]) => !isGateways(name)),
    ...Object.entries(contract),
    ['content-length', String(body.length)] as const,
  ];
  if (!headers.some(([name]) => name.toLowerCase() === 'host'))
    headers.push(['host', `127.0.0.1:${port}`]);
  return new Promise((resolve) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      agent: false,
      method,
      path: http?.target ?? path,
      headers: headers.flat() as string[],
    });
    request.on('response', (response) => {
      const answer = http ? stream(response, http.respond) : collect(response);
      answer.then(
        (outcome) => resolve({ outcome }),
        () => resolve({}),
      );
    });
    request.on('error', () => resolve({}));
    request.end(body);
  });
}

/** Returns whether only the gateway sends a header of that name. */
function isGateways(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    lower.startsWith('x-fc-') ||
    ['connection', 'content-length', 'transfer-encoding', 'expect'].includes(lower)
  );
}

/**
 * Passes an answer on as it arrives. Rejects when the program aborts it; a caller who goes away is
 * no failure.
 */
function stream(
  response: IncomingMessage,
  respond: NonNullable<InvocationInput['http']>['respond'],
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let left = false;
    const body = new PassThrough({
      destroy(error, done) {
        left = !response.destroyed;
        done(error);
      },
    });
    // Versions of Node differ in the error that they give for a caller who has gone.
    pipeline(response, body, (error) => {
      if (error && !left) reject(error);
      else resolve({ body: Buffer.alloc(0) });
    });
    const headers: [string, string][] = [];
    for (let at = 0; at + 1 < response.rawHeaders.length; at += 2)
      headers.push([response.rawHeaders[at] ?? '', response.rawHeaders[at + 1] ?? '']);
    respond({ status: response.statusCode ?? 502, headers, body });
  });
}

/**
 * Reads the answer to an event. A status of 2xx is a success, unless x-fc-status is present and not
 * 200 (the documentation shows 404).
 */
async function collect(response: IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > MAX_PAYLOAD_BYTES)
    return failure(
      `Response payload size (${bytes} bytes) exceeds maximum allowed size (${MAX_PAYLOAD_BYTES} bytes)`,
    );
  const body = Buffer.concat(chunks);
  const { statusCode = 0 } = response;
  const said = response.headers['x-fc-status'] ?? '200';
  const succeeded = statusCode >= 200 && statusCode < 300 && said === '200';
  return succeeded ? { body } : { body, errorType: 'UnhandledInvocationError' };
}
