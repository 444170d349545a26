import * as http from 'node:http';
import * as https from 'node:https';
import { dropIdleSockets, KEEP_ALIVE } from '../net/keep-alive.ts';

/** The process's connections to Function Compute. */
const agent = new http.Agent(KEEP_ALIVE);
const httpsAgent = new https.Agent(KEEP_ALIVE);

/** A dead connection shows at once; one that breaks later may have been carrying a call. */
const DEAD_WITHIN_MS = 1000;

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
  now = Date.now,
): Promise<Sent> {
  const pool = url.protocol === 'https:' ? httpsAgent : agent;
  const signal = AbortSignal.timeout(timeoutMs);
  const start = now();
  const send = () => exchange(url, { method: 'POST', headers, agent: pool, signal }, body);
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    if (now() - start > DEAD_WITHIN_MS) throw error.cause;
    dropIdleSockets(pool);
    return send();
  }
}

class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

function exchange(url: URL, options: https.RequestOptions, body: Buffer): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'https:' ? https : http;
    const request = open(url, options);
    let answered = false;
    request.once('error', (error: NodeJS.ErrnoException) => {
      const reset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      const stale = reset && request.reusedSocket && !answered;
      reject(stale ? new StaleConnection(error.message, { cause: error }) : error);
    });
    request.once('response', (response) => {
      answered = true;
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
