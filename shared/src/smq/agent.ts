import * as http from 'node:http';
import * as https from 'node:https';
import { KEEP_ALIVE } from '../net/keep-alive.ts';
import { errorCode } from './errors.ts';

declare module 'node:http' {
  interface Agent {
    /** How Node hands a request to its agent. */
    addRequest(request: http.ClientRequest, options: TappedOptions): void;
  }
}

interface TappedOptions {
  onRequest?(request: http.ClientRequest): void;
}

const agents = new Map<string, http.Agent>();

/** The process's agent for that endpoint's scheme. Connections outlive a client: they belong to no credential. */
export function agentFor(endpoint: string): http.Agent {
  const scheme = endpoint.startsWith('https:') ? 'https' : 'http';
  let agent = agents.get(scheme);
  if (!agent) {
    agent = tapped(scheme === 'https' ? new https.Agent(KEEP_ALIVE) : new http.Agent(KEEP_ALIVE));
    agents.set(scheme, agent);
  }
  return agent;
}

/** What came of one request on the wire, which the SDK does not tell when it fails. */
export class Exchange {
  status: number | undefined;
  requestId: string | undefined;
  contentType: string | undefined;
  #request: http.ClientRequest | undefined;

  /** For httpx's `beforeRequest`: lets this exchange see its request. */
  readonly tap = (options: http.RequestOptions): http.RequestOptions & TappedOptions => ({
    ...options,
    onRequest: (request) => {
      this.#request = request;
      request.once('response', ({ statusCode, headers }) => {
        this.status = statusCode;
        this.requestId = headers['x-mns-request-id']?.toString();
        this.contentType = headers['content-type'];
      });
    },
  });

  /** True when a kept connection turned out dead before any answer: the other side closed it while it was idle, so the request most likely never arrived. */
  wentStale(error: unknown): boolean {
    const code = errorCode(error);
    const reset = code === 'ECONNRESET' || code === 'EPIPE';
    return reset && this.status === undefined && this.#request?.reusedSocket === true;
  }
}

function tapped<Agent extends http.Agent>(agent: Agent): Agent {
  const addRequest = agent.addRequest.bind(agent);
  agent.addRequest = (request, options) => {
    options.onRequest?.(request);
    addRequest(request, options);
  };
  return agent;
}
