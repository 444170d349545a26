import type { AccessRequest, Decision } from '../identities/types.ts';

/** One permission that a request needed, and the policies' decision. */
export interface Access extends Pick<AccessRequest, 'action' | 'resource'> {
  decision: Decision;
}

/**
 * A message that a request sent, received, changed or deleted, as far as its answer shows. Times in
 * milliseconds since the epoch.
 */
export interface TouchedMessage {
  id?: string;
  /** Receipt handle, which identifies the receive. Never shown. */
  handle?: string;
  enqueuedAt?: number;
  /** The end of the lease. */
  visibleAt?: number;
  receives?: number;
  /** The trace id in its `traceparent`. */
  traceId?: string;
}

export type ServiceName = 'SMQ' | 'OSS' | 'STS, OpenAPI' | 'FC';

/** Maximum for a request that names a thousand objects: the first few, and the refused one. */
const MAX_ACCESSES = 8;
const MAX_CHARACTERS = 400;

/**
 * One request to a service, from its arrival on: the service fills in what it learns. It contains
 * no query, header or body, and so no signature and no token.
 */
export class NotedRequest {
  /** When it was answered, in milliseconds since the epoch; undefined until then. */
  endedAt: number | undefined = undefined;
  /** Undefined until it is answered; 0 where the connection broke first. */
  status: number | undefined = undefined;
  /** Empty where the service assigned none. */
  requestId = '';
  /** Error code of a refusal or a failure. */
  code: string | undefined = undefined;
  /** Access key id that it claims to be signed with. */
  accessKeyId: string | undefined = undefined;
  /**
   * ARN of that key's holder; undefined without a key, and for one that the account does not know.
   */
  caller: string | undefined = undefined;
  /** `mns:SendMessage`, where it is known without the policies. */
  operation: string | undefined = undefined;
  readonly accesses: Access[] = [];
  /** Id of the key that it was issued. */
  issuedKeyId: string | undefined = undefined;
  /** Fault that was injected. */
  fault: string | undefined = undefined;
  messages: readonly TouchedMessage[] = NONE;
  readonly service: ServiceName;
  /** Arrival, in milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Without the query, which may contain a signature. */
  readonly path: string;

  constructor(service: ServiceName, at: number, method: string, url: string) {
    this.service = service;
    this.at = at;
    this.method = method;
    const mark = url.indexOf('?');
    this.path = mark < 0 ? short(url) : own(short(url.slice(0, mark)));
  }

  addAccess({ action, resource, decision }: Access): void {
    const access: Access = {
      action,
      resource: own(resource),
      decision: decision.allowed ? decision : { ...decision, reason: own(decision.reason) },
    };
    if (this.accesses.length < MAX_ACCESSES) this.accesses.push(access);
    else if (!decision.allowed) this.accesses[MAX_ACCESSES - 1] = access;
  }

  claimKey(accessKeyId: string, caller: string | undefined): void {
    this.accessKeyId = short(accessKeyId);
    this.caller = caller;
  }
}

const NONE: readonly TouchedMessage[] = [];

function short(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${own(text.slice(0, MAX_CHARACTERS))}…`;
}

/** A copy: a part of a text keeps the whole in memory, an address with its signature, a request with its body. */
export function own(text: string): string {
  return Buffer.from(text).toString();
}

/** Codes about identity and permission: keys, signatures, tokens, dates, policies, ACLs. */
const REFUSAL =
  /AccessDenied|NoPermission|Forbidden|Signature|AccessKey|SecurityToken|Authorization|TimeExpired|TimeTooSkewed|TimeStamp|Authentication/;

/**
 * Returns whether it was refused because of its caller: by a policy or an ACL, or for its key,
 * signature, token or date.
 */
export function isRefused({ code }: NotedRequest): boolean {
  return code !== undefined && REFUSAL.test(code);
}

/** Returns whether it failed. An empty queue, and an unchanged object, are no failures. */
export function hasFailed({ status, code }: NotedRequest): boolean {
  return status !== undefined && (status === 0 || status >= 400) && code !== 'MessageNotExist';
}

/**
 * Returns the permission that the policies refused; undefined for anything else, such as one that
 * they did not allow but an ACL did.
 */
export function refusedAccess(request: NotedRequest): Access | undefined {
  if (!isRefused(request)) return undefined;
  return request.accesses.find(({ decision }) => !decision.allowed);
}
