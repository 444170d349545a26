import { hasFailed, type NotedRequest } from './noted-request.ts';

const MAX_REQUESTS = 5000;
/** Failed requests are kept beyond that: others must not displace them. */
const MAX_FAILED = 500;

/** The last requests to the services, in bounded memory: a few megabytes. */
export class RequestLog {
  readonly #max: number;
  readonly #maxFailed: number;
  /** A ring buffer: `#next` is the index of the oldest. */
  readonly #requests: NotedRequest[] = [];
  #next = 0;
  /** Failed requests older than the ring's. */
  readonly #failed: NotedRequest[] = [];

  constructor(max: number = MAX_REQUESTS, maxFailed: number = MAX_FAILED) {
    this.#max = max;
    this.#maxFailed = maxFailed;
  }

  add(request: NotedRequest): void {
    const oldest = this.#requests[this.#next];
    this.#requests[this.#next] = request;
    this.#next = (this.#next + 1) % this.#max;
    if (!oldest || !hasFailed(oldest)) return;
    this.#failed.push(oldest);
    if (this.#failed.length > this.#maxFailed) this.#failed.shift();
  }

  /** Returns the requests in order of arrival. */
  all(): NotedRequest[] {
    const { length } = this.#requests;
    const from = length < this.#max ? 0 : this.#next;
    return [...this.#failed, ...this.#requests.slice(from), ...this.#requests.slice(0, from)];
  }
}
