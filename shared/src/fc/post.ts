import * as http from 'node:http';
import * as https from 'node:https';
import { systemClock } from '../clock/clock.ts';
import { KeptConnections } from '../net/kept-connections.ts';
import { WatchedRequest } from '../net/watched-request.ts';
import type { AnswerBudget } from './answer-budget.ts';

/** The process's connections to Function Compute. */
const connections = new KeptConnections();

/** A dead connection fails at once; one that breaks later may have carried a call. */
const MAX_DEAD_AFTER_MS = 1000;

export interface Sent {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Sends one POST and reads its whole answer, as far as the budget has room. Rejects with Node's error when
 * there is no answer within `timeoutMs`, and with AnswerTooLarge. A kept connection that turns out dead at
 * once (a thawed instance) is replaced: the request most likely never arrived. One that breaks later is
 * not: the function may be running.
 */
export async function post(
  url: URL,
  headers: Record<string, string>,
  body: Buffer,
  timeoutMs: number,
  now: () => number = systemClock.now,
  budget?: AnswerBudget,
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
      return answerTo(request, body, budget);
    },
    (error) => now() - start <= MAX_DEAD_AFTER_MS && watched?.metDeadConnection(error) === true,
  );
}

function answerTo(
  request: http.ClientRequest,
  body: Buffer,
  budget: AnswerBudget | undefined,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      gather(response, budget).then((gathered) => {
        resolve({ status, headers, body: gathered });
      }, reject);
    });
    request.end(body);
  });
}

/** Reads the bytes of an answer. One over the budget is cut off, before it is read if its length is declared. */
async function gather(
  response: http.IncomingMessage,
  budget: AnswerBudget | undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    budget?.expect(Number(response.headers['content-length'] ?? 0));
    for await (const chunk of response as AsyncIterable<Buffer>) {
      budget?.take(chunk.length);
      size += chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    budget?.giveBack(size);
    response.destroy();
    throw error;
  }
}
