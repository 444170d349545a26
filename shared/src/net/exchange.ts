import * as http from 'node:http';
import * as https from 'node:https';
import { systemClock } from '../clock/clock.ts';
import type { KeptConnections } from './kept-connections.ts';
import { errorCode, WatchedRequest } from './watched-request.ts';

/** One request. Redirects are not followed. */
export interface Outgoing {
  method: string;
  /** Path and query exactly as they were signed. */
  path: string;
  headers: http.OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Limit of the whole exchange. */
  timeoutMs: number;
  /** Maximum bytes of the answer's body. */
  maxBytes: number;
}

export interface Incoming {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

export type BreakReason = 'no connection' | 'no answer in time' | 'answer too long';

/** An exchange without a whole answer, with the part of the answer that was seen. */
export class BrokenExchange extends Error {
  override readonly name = 'BrokenExchange';
  readonly reason: BreakReason;
  /** Status of the answer; undefined when none had begun. */
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  /** `ECONNREFUSED` and the like; undefined when the failure was not the system's. */
  readonly code: string | undefined;

  constructor(reason: BreakReason, { status, headers }: WatchedRequest, cause?: Error) {
    super(cause ? `${reason} (${cause.message})` : reason, { cause });
    this.reason = reason;
    this.status = status;
    this.headers = headers;
    this.code = errorCode(cause);
  }
}

/**
 * Sends one request to `origin` (scheme and host) over kept connections and reads its whole answer,
 * whatever its status. Rejects with a BrokenExchange.
 */
export function exchange(
  connections: KeptConnections,
  origin: string,
  outgoing: Outgoing,
): Promise<Incoming> {
  const { request: open } = origin.startsWith('https:') ? https : http;
  const { hostname, port } = addressOf(origin);
  let watched: WatchedRequest | undefined;
  return connections.sending(
    () => {
      const { method, path, headers } = outgoing;
      const agent = connections.agentFor(origin);
      const request = open({ hostname, port, method, path, headers, agent });
      watched = new WatchedRequest(request);
      return answerTo(request, watched, outgoing);
    },
    (error) => error instanceof BrokenExchange && watched?.metDeadConnection(error.cause) === true,
  );
}

const addresses = new Map<string, { hostname: string; port: string | undefined }>();
/** Bound of the cache: a process speaks to a few services. */
const MAX_ADDRESSES = 100;

/** Returns the host and port of an address, parsed once. */
function addressOf(origin: string) {
  const known = addresses.get(origin);
  if (known) return known;
  const url = new URL(origin);
  // The brackets belong to the address, not to the host.
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const address = { hostname, port: url.port || undefined };
  if (addresses.size >= MAX_ADDRESSES) addresses.clear();
  addresses.set(origin, address);
  return address;
}

function answerTo(
  request: http.ClientRequest,
  watched: WatchedRequest,
  { body, timeoutMs, maxBytes }: Outgoing,
): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const fail = (reason: BreakReason, cause?: Error) => {
      timer.cancel();
      reject(new BrokenExchange(reason, watched, cause));
      request.destroy();
    };
    const timer = systemClock.after(timeoutMs, () => fail('no answer in time'));
    request.on('error', (error) => fail('no connection', error));
    request.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      const chunks: Buffer[] = [];
      let size = Number(headers['content-length'] ?? 0);
      if (size > maxBytes) return fail('answer too long');
      size = 0;
      response.on('error', (error) => fail('no connection', error));
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) return fail('answer too long');
        chunks.push(chunk);
      });
      response.once('end', () => {
        timer.cancel();
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    request.end(body);
  });
}
