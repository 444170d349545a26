import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { oddServer } from '#test/odd-server';

/** A request that the proxy passes on to the service. */
export interface Exchange {
  method: string;
  /** Path and query as sent. */
  url: string;
  /** Number of the part, if it is one. */
  part: number | undefined;
  request: IncomingMessage;
  response: ServerResponse;
  /** May be replaced before it is passed on. */
  body: Buffer;
  /** Passes the request on and returns the service's answer, which is not sent yet. */
  forward(): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>;
}

/**
 * Starts a server between a client and a service. `meddle` sees each request and may answer instead of the
 * service, by returning true.
 */
export function proxy(
  target: string,
  meddle: (exchange: Exchange) => Promise<boolean | undefined> | boolean | undefined,
): Promise<string> {
  return oddServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const part = /[?&]partNumber=(\d+)/.exec(url)?.[1];
    const exchange: Exchange = {
      method,
      url,
      part: part === undefined ? undefined : Number(part),
      request,
      response,
      body: await buffer(request),
      forward: () => forward(target, request, exchange.body),
    };
    if (await meddle(exchange)) return;
    const answer = await exchange.forward();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>(
    (resolve, reject) => {
      const { 'transfer-encoding': _, ...rest } = headers;
      const options = { method, headers: { ...rest, 'content-length': body.length }, agent: false };
      send(new URL(url ?? '/', target), options, async (answer) => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: await buffer(answer),
        });
      })
        .on('error', reject)
        .end(body);
    },
  );
}
