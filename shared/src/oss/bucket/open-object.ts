import * as http from 'node:http';
import * as https from 'node:https';
import type OSS from 'ali-oss';
import { systemClock } from '../../clock/clock.ts';
import { WatchedRequest } from '../../net/watched-request.ts';
import { connections } from './sdk.ts';

/** Seconds that the address of one request is valid. */
const SIGNED_SECONDS = 900;
/** Maximum bytes of a refusal's body: OSS's errors have less. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface ObjectRequest {
  key: string;
  headers: Record<string, string>;
  /** Milliseconds without a byte after which the request is abandoned. */
  silenceMs: number;
}

/** Nothing came for that long. It has the name of ali-oss's own error for this. */
export class SilenceError extends Error {
  override readonly name = 'ResponseTimeoutError';

  constructor(silenceMs: number) {
    super(`nothing came for ${silenceMs} ms`);
  }
}

/**
 * Sends one GET of an object's content and returns the answer with status 200 or 206, its body unread.
 * ali-oss signs it, as an address that is valid for a while, but does not send it: it abandons what takes
 * longer than its timeout, and cannot read the refusal of a stream. Rejects with an error that `ossError`
 * understands.
 */
export async function openObject(
  sdk: OSS,
  { key, headers, silenceMs }: ObjectRequest,
  signal: AbortSignal | undefined,
): Promise<http.IncomingMessage> {
  const url = new URL(await sdk.signatureUrlV4('GET', SIGNED_SECONDS, { headers: {} }, key));
  const { request: open } = url.protocol === 'https:' ? https : http;
  let watched: WatchedRequest | undefined;
  const response = await connections.sending(
    () => {
      const agent = connections.agentFor(url.protocol);
      const request = open(url, { headers, agent, ...(signal && { signal }) });
      watched = new WatchedRequest(request);
      return answerTo(request, silenceMs);
    },
    (error) => watched?.metDeadConnection(error) === true,
  );
  if (response.statusCode === 200 || response.statusCode === 206) return response;
  throw await refusal(response, silenceMs);
}

function answerTo(request: http.ClientRequest, silenceMs: number): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const silence = systemClock.after(silenceMs, () =>
      request.destroy(new SilenceError(silenceMs)),
    );
    request.once('response', (response) => {
      silence.cancel();
      resolve(response);
    });
    request.on('error', (error) => {
      silence.cancel();
      reject(noAnswer(error));
    });
    request.end();
  });
}

/** Makes an error for a missing answer as ali-oss does: status -1. */
function noAnswer(error: Error): Error {
  return error instanceof SilenceError ? error : Object.assign(error, { status: -1 });
}

/** Makes an error from OSS's refusal as ali-oss does. */
async function refusal(response: http.IncomingMessage, silenceMs: number): Promise<Error> {
  const text = await bodyOf(response, silenceMs).catch(() => '');
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return Object.assign(new Error(field('Message') ?? ''), {
    status: response.statusCode ?? 0,
    code: field('Code'),
    requestId: field('RequestId'),
    ecCode: field('EC'),
  });
}

async function bodyOf(response: http.IncomingMessage, silenceMs: number): Promise<string> {
  const silence = systemClock.after(silenceMs, () => response.destroy());
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size > MAX_ERROR_BYTES) break;
    }
  } finally {
    silence.cancel();
  }
  return Buffer.concat(pieces).toString();
}
