import type { IncomingMessage, RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import type { AccessKey, AccessRequest, Authority, Decision } from '../identities/types.ts';
import { NotedRequest, type ServiceName } from './noted-request.ts';

/** Called with each request on arrival; later findings are written into it. */
export type ObserveRequest = (request: NotedRequest) => void;

const NOTE = Symbol('note');

interface Noted extends IncomingMessage {
  [NOTE]?: NotedRequest;
}

/**
 * Returns a listener that reports each request to `observe`, or without one the listener itself.
 */
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

/**
 * Returns the record into which a service writes what it learns about a request; undefined where
 * requests are not observed.
 */
export function noteOf(request: IncomingMessage): NotedRequest | undefined {
  return (request as Noted)[NOTE];
}

/**
 * Returns the account for one request: its claimed key, its permissions and the policies' decisions
 * are recorded.
 */
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
