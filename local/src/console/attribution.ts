import type { NotedRequest } from '../requests/noted-request.ts';
import type { History } from './history.ts';
import type { PastInvocation } from './past-invocation.ts';

/** The invocation for which a request was made. */
export interface Attributed {
  invocation: PastInvocation;
  /**
   * False for a request sent after the invocation ended: by a signed URL, or a client that outlived
   * it.
   */
  during: boolean;
}

/** Tolerance in milliseconds: times are whole milliseconds, each rounded by itself. */
const ROUNDING_MS = 2;
/** Maximum number of successive role exchanges of one credential. */
const MAX_EXCHANGES = 5;

/**
 * Finds the invocation for which a request was made, by its credential: each invocation has its
 * own, whose session is its request id; the credential in an instance's environment has the
 * instance's id, and belongs to the invocation that ran on the instance at that time, if there was
 * exactly one. A credential that STS issued for one of these counts as it. Undefined for any other
 * key and without a key: no header of an SDK names the invocation.
 */
export class Attribution {
  readonly #byRequest: Map<string, PastInvocation[]>;
  readonly #byInstance: Map<string, PastInvocation[]>;
  /** Requests to STS by the id of the issued key. */
  readonly #issuedBy = new Map<string, NotedRequest>();

  constructor(history: History, requests: readonly NotedRequest[]) {
    const all = history.latest();
    this.#byRequest = grouped(all, ({ requestId }) => requestId);
    this.#byInstance = grouped(all, ({ instanceId = '' }) => instanceId);
    for (const request of requests)
      if (request.issuedKeyId !== undefined) this.#issuedBy.set(request.issuedKeyId, request);
  }

  of({ at, accessKeyId = '', caller }: NotedRequest): Attributed | undefined {
    let session = sessionOf(caller);
    let issuedBy = this.#issuedBy.get(accessKeyId);
    for (let n = 0; issuedBy && n < MAX_EXCHANGES; n++) {
      session = sessionOf(issuedBy.caller);
      issuedBy = this.#issuedBy.get(issuedBy.accessKeyId ?? '');
    }
    if (session === undefined) return undefined;
    const isAt = (one: PastInvocation): boolean =>
      at >= startOf(one) - ROUNDING_MS && at <= one.at + ROUNDING_MS;
    const tries = this.#byRequest.get(session) ?? [];
    const invocation =
      tries.find(isAt) ?? tries.find((one) => startOf(one) - ROUNDING_MS <= at) ?? tries.at(-1);
    if (invocation) return { invocation, during: isAt(invocation) };
    const [running, another] = (this.#byInstance.get(session) ?? []).filter(isAt);
    return running && !another ? { invocation: running, during: true } : undefined;
  }
}

/** Groups items by the result of `keyOf`. */
export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Returns when it began, in milliseconds since the epoch. */
export function startOf({ at, durationMs }: PastInvocation): number {
  return at - durationMs;
}

function sessionOf(caller: string | undefined): string | undefined {
  return /:assumed-role\/[^/]+\/(.+)$/.exec(caller ?? '')?.[1];
}

/** Formats the holder of a request's key for a person: `role orders-consumer`, `user local`. */
export function callerName({ caller, accessKeyId }: NotedRequest): string {
  const [, kind, name] = /:(assumed-role|user)\/([^/]+)/.exec(caller ?? '') ?? [];
  if (name !== undefined) return `${kind === 'user' ? 'user' : 'role'} ${name}`;
  if (caller !== undefined) return 'the account';
  return accessKeyId === undefined ? 'no one' : `unknown key ${accessKeyId}`;
}
