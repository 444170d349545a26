import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Starts a server that answers as no cloud service should; it ends with the test. Resolves to its address. */
export async function oddServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Gives one answer to every request, after the whole request has come. */
export function reply(
  status: number,
  headers: Record<string, string>,
  body: string,
): RequestListener {
  return (request, response) => {
    request.resume();
    request.once('end', () => response.writeHead(status, headers).end(body));
  };
}

/** Begins a long answer and breaks off. */
export function breakOff(status: number, headers: Record<string, string>): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { ...headers, 'content-length': '1000' });
    response.write('the beginning');
    setImmediate(() => response.destroy());
  };
}

/** Accepts requests without answering them until the test says so. `arrived` resolves when the first one has come. */
export async function silentServer() {
  let last: Parameters<RequestListener> | undefined;
  let notify = () => {};
  const arrived = new Promise<void>((resolve) => {
    notify = resolve;
  });
  const url = await oddServer((...exchange) => {
    last = exchange;
    notify();
  });
  return { url, arrived, answer: (listener: RequestListener) => last && listener(...last) };
}

/** How the other side ends a connection: with a reset, or by closing it. */
export type Ending = 'reset' | 'closed';

/**
 * Answers the first request of each connection and ends it at the second: what a thawed instance
 * meets. The first `together` requests wait for each other, so that there are as many connections.
 */
export async function staleServer(
  answer: RequestListener,
  { together = 1, ending = 'reset' }: { together?: number; ending?: Ending } = {},
) {
  const outcomes: ('answered' | 'reset')[] = [];
  const seen = new WeakSet<object>();
  const held: (() => void)[] = [];
  const url = await oddServer((request, response) => {
    const reused = seen.has(request.socket);
    seen.add(request.socket);
    outcomes.push(reused ? 'reset' : 'answered');
    if (reused && ending === 'closed') return void request.socket.destroy();
    if (reused) return void request.socket.resetAndDestroy();
    held.push(() => answer(request, response));
    if (outcomes.length >= together) for (const release of held.splice(0)) release();
  });
  return { url, outcomes };
}
