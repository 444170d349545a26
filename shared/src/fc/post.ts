import * as http from 'node:http';
import * as https from 'node:https';
import { systemClock } from '../clock/clock.ts';
import { KeptConnections } from '../net/kept-connections.ts';
import { WatchedRequest } from '../net/watched-request.ts';

/** The process's connections to Function Compute. */
const connections = new KeptConnections();

/** A dead connection shows at once; one that breaks later may have been carrying a call. */
const MAX_DEAD_AFTER_MS = 1000;

export interface Sent {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/**
 * One POST, its answer read whole. Rejects with Node's error when there is none within `timeoutMs`.
 * A kept connection that turns out dead at once (a thawed instance) is replaced: the request most
 * likely never arrived. One that breaks later is not: the function may be running.
 */
export async function post(
  url: URL,
  headers: Record<string, string>,
  body: Buffer,
  timeoutMs: number,
  now: () => number = systemClock.now,
): Promise<Sent> {
  const agent = connections.agentFor(url.protocol);
  const signal = AbortSignal.timeout(timeoutMs);
  const { request: open } = url.protocol === 'https:' ? https : http;
  const start = now();
  let watched: WatchedRequest | undefined;
  return connections.sending(
    () => {
      const request = open(url, { method: 'POST', headers, agent, signal });
      watched = new WatchedRequest(request);
      return answerTo(request, body);
    },
    (error) => now() - start <= MAX_DEAD_AFTER_MS && watched?.metDeadConnection(error) === true,
  );
}

function answerTo(request: http.ClientRequest, body: Buffer): Promise<Sent> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.end(body);
  });
}
