import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';

/** What became of one request on the wire, which an SDK does not report when it fails. */
export class WatchedRequest {
  /** Status of the answer; undefined while there is none. */
  status: number | undefined;
  headers: IncomingHttpHeaders = {};
  readonly #request: ClientRequest;
  #socket: Socket | undefined;
  #readBefore = 0;

  constructor(request: ClientRequest) {
    this.#request = request;
    request.once('socket', (socket) => {
      this.#socket = socket;
      this.#readBefore = socket.bytesRead;
    });
    request.once('response', ({ statusCode, headers }) => {
      this.status = statusCode;
      this.headers = headers;
    });
  }

  /**
   * Whether a kept connection turned out dead before any byte of an answer: the other side closed it while
   * it was idle. `error` is what the request failed with.
   */
  metDeadConnection(error: unknown): boolean {
    const code = errorCode(error);
    const reset = code === 'ECONNRESET' || code === 'EPIPE';
    return reset && this.#request.reusedSocket && !this.#answerBegun;
  }

  /**
   * The other side has carried out the request, or is about to, although its answer may break off within
   * its first line.
   */
  get #answerBegun(): boolean {
    return this.status !== undefined || (this.#socket?.bytesRead ?? 0) > this.#readBefore;
  }
}

/** Returns the code of Node's errors: `ECONNRESET` and the like. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
