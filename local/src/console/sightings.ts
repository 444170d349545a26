import type { FcRuntime } from '../fc/runtime.ts';
import type { Identities } from '../identities/identities.ts';
import type { FunctionSpec } from '../project/types.ts';
import { type ThingKind, USES } from './uses.ts';

/** An observed use of another resource of the account by a function. */
export interface Sighting {
  /** Deployed name. */
  functionName: string;
  action: string;
  kind: ThingKind;
  /** Name of the resource; a function's deployed name. */
  name: string;
  allowed: number;
  refused: number;
}

type Asked = Pick<Sighting, 'action' | 'kind' | 'name'> & { isAllowed: boolean };

/**
 * Maximum number of requests whose function is not known yet, and of request ids whose function is.
 */
const MAX_WAITING = 10_000;
const MAX_OWNERS = 10_000;
const MAX_SIGHTINGS = 10_000;

const SESSION = /:assumed-role\/([^/]+)\/(.+)$/;
const RESOURCE =
  /^acs:(?:mns:[^:]*:[^:]*:\/(?:queues|topics)\/([^/]+)|oss:[^:]*:[^:]*:([^/]+)|fc:[^:]*:[^:]*:(?:services\/[^/]+\/)?functions\/([^/]+))/;

/**
 * Uses by functions since the console started: sent, received, stored, read and invoked, counted by
 * the permissions that the services checked. A request belongs to a function if its role is no
 * other function's; for a shared role, once the invocation with that credential has ended.
 */
export class Sightings {
  readonly #functions: readonly FunctionSpec[];
  readonly #seen = new Map<string, Sighting>();
  readonly #waiting = new Map<string, Asked[]>();
  #waitingCount = 0;
  /** Name of the function by request id. */
  readonly #owners = new Map<string, string>();
  readonly #ends: (() => void)[] = [];

  constructor(
    identities: Identities,
    fc: Pick<FcRuntime, 'observe'> | undefined,
    functions: readonly FunctionSpec[],
  ) {
    this.#functions = functions;
    if (!fc) return;
    this.#ends.push(
      identities.onDecision(({ arn }, { action, resource }, { allowed }) => {
        const use = USES.get(action);
        if (use)
          this.#add(arn, { action, kind: use.kind, name: nameIn(resource), isAllowed: allowed });
      }),
      fc.observe(({ functionName, result: { requestId } }) => this.#own(requestId, functionName)),
    );
  }

  all(): Iterable<Sighting> {
    return this.#seen.values();
  }

  /** Removes all sightings. */
  clear(): void {
    this.#seen.clear();
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  #add(arn: string, asked: Asked): void {
    const [, role = '', session = ''] = SESSION.exec(arn) ?? [];
    // Destinations of asynchronous invocations are checked under such a name.
    if (role === '' || session.startsWith('check-')) return;
    const having = this.#functions.filter((fn) => fn.role === role);
    const owner = having.length === 1 ? having[0]?.name : this.#owners.get(session);
    if (owner !== undefined) this.#count(owner, asked);
    if (owner !== undefined || having.length === 0) return;
    const [oldest] = this.#waiting.keys();
    if (this.#waitingCount >= MAX_WAITING && oldest !== undefined) this.#take(oldest);
    this.#waitingCount++;
    const list = this.#waiting.get(session);
    if (list) list.push(asked);
    else this.#waiting.set(session, [asked]);
  }

  #own(requestId: string, functionName: string): void {
    this.#owners.set(requestId, functionName);
    const [oldest] = this.#owners.keys();
    if (this.#owners.size > MAX_OWNERS && oldest !== undefined) this.#owners.delete(oldest);
    for (const asked of this.#take(requestId)) this.#count(functionName, asked);
  }

  #take(session: string): readonly Asked[] {
    const waiting = this.#waiting.get(session) ?? [];
    this.#waiting.delete(session);
    this.#waitingCount -= waiting.length;
    return waiting;
  }

  #count(functionName: string, { isAllowed, ...asked }: Asked): void {
    const key = [functionName, asked.action, asked.name].join('\0');
    let seen = this.#seen.get(key);
    if (!seen) {
      if (this.#seen.size >= MAX_SIGHTINGS) return;
      seen = { functionName, ...asked, allowed: 0, refused: 0 };
      this.#seen.set(key, seen);
    }
    seen[isAllowed ? 'allowed' : 'refused']++;
  }
}

function nameIn(resource: string): string {
  const [, messages, bucket, fn] = RESOURCE.exec(resource) ?? [];
  return messages ?? bucket ?? fn ?? '';
}
