import { hasFailed, type NotedRequest } from './noted-request.ts';

const MAX_REQUESTS = 5000;
/** Those that failed are kept beyond that: others must not push them out. */
const MAX_FAILED = 500;

/** The last requests to the services, at a bounded cost: a few megabytes. */
export class RequestLog {
  readonly #max: number;
  readonly #maxFailed: number;
  /** A ring: `#next` is the place of the oldest. */
  readonly #requests: NotedRequest[] = [];
  #next = 0;
  /** Older than the ring's. */
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

  /** In the order in which they came. */
  all(): NotedRequest[] {
    const { length } = this.#requests;
    const from = length < this.#max ? 0 : this.#next;
    return [...this.#failed, ...this.#requests.slice(from), ...this.#requests.slice(0, from)];
  }
}
