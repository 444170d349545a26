import type { IncomingMessage, RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import type { AccessKey, AccessRequest, Authority, Decision } from '../identities/types.ts';
import { NotedRequest, type ServiceName } from './noted-request.ts';

/** Hears of each request as it comes; what is found out about it is written into it later. */
export type ObserveRequest = (request: NotedRequest) => void;

const NOTE = Symbol('note');

interface Noted extends IncomingMessage {
  [NOTE]?: NotedRequest;
}

/** The listener, each of whose requests `observe` hears of. Without an `observe` it is the listener itself. */
export function withNotes(
  listener: RequestListener,
  observe: ObserveRequest | undefined,
  { service, clock }: { service: ServiceName; clock: Clock },
): RequestListener {
  if (!observe) return listener;
  return (request: Noted, response) => {
    const { method = '', url = '' } = request;
    const note = new NotedRequest(service, clock.now(), method, url);
    request[NOTE] = note;
    observe(note);
    response.once('close', () => {
      note.endedAt = clock.now();
      note.status = response.headersSent ? response.statusCode : 0;
    });
    listener(request, response);
  };
}

/** Where a service writes what it finds out about a request; undefined where no one observes. */
export function noteOf(request: IncomingMessage): NotedRequest | undefined {
  return (request as Noted)[NOTE];
}

/** The account for one request: whom it claims to be, what it asks for and what the policies say are noted. */
export function notingAuthority(authority: Authority, note: NotedRequest | undefined): Authority {
  return note ? new NotingAuthority(authority, note) : authority;
}

class NotingAuthority implements Authority {
  readonly accountId: string;
  readonly #authority: Authority;
  readonly #note: NotedRequest;

  constructor(authority: Authority, note: NotedRequest) {
    this.accountId = authority.accountId;
    this.#authority = authority;
    this.#note = note;
  }

  findAccessKey(accessKeyId: string): AccessKey | undefined {
    const key = this.#authority.findAccessKey(accessKeyId);
    this.#note.claimKey(accessKeyId, key?.principal.arn);
    return key;
  }

  authorize(key: AccessKey, request: AccessRequest): Decision {
    const decision = this.#authority.authorize(key, request);
    const { action, resource } = request;
    this.#note.addAccess({ action, resource, decision });
    return decision;
  }
}
