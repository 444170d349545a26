import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import { noteOf } from './requests/observe.ts';

/** The faults that can happen to a request, besides its own errors. */
export const FAULTS = [
  /** The answer is late. */
  'latency',
  /** A 5xx of the service; nothing was done. */
  'error',
  /** A proxy's page instead of an answer; nothing was done. */
  'html',
  /** The connection breaks before anything is done. */
  'reset-before',
  /** The connection breaks after everything is done. */
  'reset-after',
  /** Refused because of the request rate; nothing was done. */
  'throttled',
  /** SMQ acknowledges a delete, and delivers the message once more. */
  'duplicate',
  /** SMQ ends the leases of the messages just received: the next receiver gets them too. */
  'lost-lease',
] as const;

export type Fault = (typeof FAULTS)[number];

export type FaultyService = 'smq' | 'oss' | 'openapi';

/** The parts of a request by which a fault is chosen. */
export interface FaultTarget {
  service: FaultyService;
  method: string;
  /** Without the query. */
  path: string;
  /** Without the mark; empty when there is none. */
  query: string;
}

/** Chooses a fault for a request; undefined: none. A test gives its own; `randomFaults` is one. */
export type ChooseFault = (target: FaultTarget) => Fault | undefined;

/** How a service expresses faults in its own terms. */
export interface FaultyEdge {
  service: FaultyService;
  clock: Clock;
  /** Answers with an error of the service: `error` for its 5xx, `throttled` for its refusal. */
  refuse(kind: 'error' | 'throttled', request: IncomingMessage, response: ServerResponse): void;
  /** Faults that only this service has; each answers the request itself. */
  own?: Partial<Record<Fault, RequestListener>>;
  /** Default 200. */
  latencyMs?: number;
}

const LATENCY_MS = 200;
const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Returns a listener that applies faults first. Without a `choose` it is the listener itself. */
export function withFaults(
  listener: RequestListener,
  choose: ChooseFault | undefined,
  edge: FaultyEdge,
): RequestListener {
  if (!choose) return listener;
  return (request, response) => {
    const fault = choose(targetOf(request, edge.service));
    const note = fault && noteOf(request);
    if (note) note.fault = fault;
    const own = fault && edge.own?.[fault];
    if (own) return own(request, response);
    switch (fault) {
      case 'latency':
        edge.clock.after(edge.latencyMs ?? LATENCY_MS, () => listener(request, response));
        return;
      case 'error':
      case 'throttled':
        request.resume();
        return edge.refuse(fault, request, response);
      case 'html':
        request.resume();
        response.writeHead(502, { 'Content-Type': 'text/html' }).end(PAGE);
        return;
      case 'reset-before':
        request.socket.resetAndDestroy();
        return;
      case 'reset-after':
        return listener(request, breakingOff(request, response));
      default: // none, or one that this service does not have
        return listener(request, response);
    }
  };
}

export interface RandomFaults {
  /** Probability of each fault, for each request to which it can apply: 0 to 1. */
  rate: number;
  /** Default all. */
  faults?: readonly Fault[];
  /** The same seed gives the same choices in the same order. Default 1. */
  seed?: number;
}

/** Returns a function that chooses faults at random, each at the same rate. */
export function randomFaults({ rate, faults = FAULTS, seed = 1 }: RandomFaults): ChooseFault {
  const random = seededRandom(seed);
  return (target) => faults.find((fault) => canBefall(fault, target) && random() < rate);
}

/** Returns whether the fault can apply to that request. */
function canBefall(fault: Fault, { service, method, path, query }: FaultTarget): boolean {
  if (fault !== 'duplicate' && fault !== 'lost-lease') return true;
  if (service !== 'smq' || !/^\/queues\/[^/]+\/messages$/.test(path)) return false;
  return fault === 'duplicate'
    ? method === 'DELETE'
    : method === 'GET' && !/peekonly=true/i.test(query);
}

/**
 * Returns a function that gives numbers from 0 to 1, 1 excluded, determined by a seed (mulberry32).
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function targetOf({ method = '', url = '' }: IncomingMessage, service: FaultyService): FaultTarget {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return { service, method, path, query: mark < 0 ? '' : url.slice(mark + 1) };
}

/** Returns the response with none of it sent: when it ends, the connection breaks. */
function breakingOff(request: IncomingMessage, response: ServerResponse): ServerResponse {
  response.write = () => true;
  response.end = () => {
    request.socket.resetAndDestroy();
    return response;
  };
  return response;
}
