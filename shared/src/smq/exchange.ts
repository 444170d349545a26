import type * as http from 'node:http';
import { KeptConnections } from '../net/kept-connections.ts';
import { WatchedRequest } from '../net/watched-request.ts';

declare module 'node:http' {
  interface Agent {
    /** How Node hands a request to its agent. */
    addRequest(request: http.ClientRequest, options: TappedOptions): void;
  }
}

interface TappedOptions {
  onRequest?(request: http.ClientRequest): void;
}

/** The process's connections to SMQ. */
export const connections = new KeptConnections();
tap(connections.http);
tap(connections.https);

/** What came of one request through the SDK. */
export class Exchange {
  #watched: WatchedRequest | undefined;

  /** For httpx's `beforeRequest`: lets this exchange see its request. */
  readonly tap = (options: http.RequestOptions): http.RequestOptions & TappedOptions => ({
    ...options,
    onRequest: (request) => {
      this.#watched = new WatchedRequest(request);
    },
  });

  get status(): number | undefined {
    return this.#watched?.status;
  }

  get requestId(): string | undefined {
    return this.#watched?.headers['x-mns-request-id']?.toString();
  }

  get contentType(): string | undefined {
    return this.#watched?.headers['content-type'];
  }

  metDeadConnection(error: unknown): boolean {
    return this.#watched?.metDeadConnection(error) ?? false;
  }
}

/** Has the agent show each request to the exchange that sent it. */
function tap(agent: http.Agent): void {
  const addRequest = agent.addRequest.bind(agent);
  agent.addRequest = (request, options) => {
    options.onRequest?.(request);
    addRequest(request, options);
  };
}
