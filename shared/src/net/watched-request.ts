import type { ClientRequest, IncomingHttpHeaders } from 'node:http';

/** What came of one request on the wire, which an SDK does not tell when it fails. */
export class WatchedRequest {
  /** Of the answer; undefined as long as there is none. */
  status: number | undefined;
  headers: IncomingHttpHeaders = {};
  readonly #request: ClientRequest;

  constructor(request: ClientRequest) {
    this.#request = request;
    request.once('response', ({ statusCode, headers }) => {
      this.status = statusCode;
      this.headers = headers;
    });
  }

  /** Whether a kept connection turned out dead before any answer: the other side closed it while it was idle. `error` is what the request failed with. */
  metDeadConnection(error: unknown): boolean {
    const code = errorCode(error);
    const reset = code === 'ECONNRESET' || code === 'EPIPE';
    return reset && this.status === undefined && this.#request.reusedSocket;
  }
}

/** `ECONNRESET` and the like, of Node's errors. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
