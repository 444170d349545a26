import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { close, listen } from '#src/http/listen';

export interface Posted {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface TestEndpoint {
  url: string;
  posted: Posted[];
  /** Sets the status of the answers from now on; undefined: no answer. */
  answer(status: number | undefined): void;
}

/** Starts an HTTP endpoint that records requests, closed when the test ends. */
export async function httpEndpoint(status = 204): Promise<TestEndpoint> {
  let answered: number | undefined = status;
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      posted.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      if (answered !== undefined) response.writeHead(answered, { location: '/elsewhere' }).end();
    });
  });
  const port = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server));
  return {
    url: `http://127.0.0.1:${port}`,
    posted,
    answer(next) {
      answered = next;
    },
  };
}
