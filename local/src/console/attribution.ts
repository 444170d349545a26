import type { NotedRequest } from '../requests/noted-request.ts';
import type { History, PastInvocation } from './history.ts';

/** An invocation that a request was made for. */
export interface Attributed {
  invocation: PastInvocation;
  /** False for what was sent when it had ended: by a signed URL, or a client that outlived it. */
  during: boolean;
}

/** Times are whole milliseconds, each rounded by itself. */
const ROUNDING_MS = 2;
/** Roles that one credential was exchanged for, one after the other. */
const MAX_EXCHANGES = 5;

/**
 * Says which invocation a request was made for, by its credential: each invocation has one of its
 * own, whose session is its request id; the one in an instance's environment has the instance's id,
 * and is the invocation's that the instance ran then, where it was one. A credential that STS gave
 * for such a one counts as it. Undefined for anyone else's key and for no key: no header of an SDK
 * says which invocation it works for.
 */
export class Attribution {
  readonly #byRequest: Map<string, PastInvocation[]>;
  readonly #byInstance: Map<string, PastInvocation[]>;
  /** Requests to STS by the id of the key that they were given. */
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

/** Items by what `keyOf` says of each. */
export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** When it began, in milliseconds since the epoch. */
export function startOf({ at, durationMs }: PastInvocation): number {
  return at - durationMs;
}

function sessionOf(caller: string | undefined): string | undefined {
  return /:assumed-role\/[^/]+\/(.+)$/.exec(caller ?? '')?.[1];
}

/** The holder of a request's key for a person: `role orders-consumer`, `user local`. */
export function callerName({ caller, accessKeyId }: NotedRequest): string {
  const [, kind, name] = /:(assumed-role|user)\/([^/]+)/.exec(caller ?? '') ?? [];
  if (name !== undefined) return `${kind === 'user' ? 'user' : 'role'} ${name}`;
  if (caller !== undefined) return 'the account';
  return accessKeyId === undefined ? 'no one' : `unknown key ${accessKeyId}`;
}
