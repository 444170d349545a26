import type { AccessRequest, Decision } from '../identities/types.ts';

/** One thing that a request asked the policies for, and what they said. */
export interface Access extends Pick<AccessRequest, 'action' | 'resource'> {
  decision: Decision;
}

/** A message that a request sent, got, kept or deleted, as far as its answer says. Times in milliseconds since the epoch. */
export interface TouchedMessage {
  id?: string;
  /** Of a received one, and of what names one: it says which receive that was. Shown nowhere. */
  handle?: string;
  enqueuedAt?: number;
  /** The end of the lease. */
  visibleAt?: number;
  receives?: number;
  /** The trace id in its `traceparent`. */
  traceId?: string;
}

export type ServiceName = 'SMQ' | 'OSS' | 'STS, OpenAPI' | 'FC';

/** Of a request that names a thousand objects: the first few, and the one that was refused. */
const MAX_ACCESSES = 8;
const MAX_CHARACTERS = 400;

/**
 * One request to a service, from its arrival on: the service fills in what it finds out. It holds no
 * query, header or body, and so no signature and no token.
 */
export class NotedRequest {
  /** When it was answered, in milliseconds since the epoch; undefined until then. */
  endedAt: number | undefined = undefined;
  /** Undefined until it is answered; 0 where the connection broke before. */
  status: number | undefined = undefined;
  /** Empty where the service gave none. */
  requestId = '';
  /** Of a refusal or a failure. */
  code: string | undefined = undefined;
  /** Whose key it claims to be signed with. */
  accessKeyId: string | undefined = undefined;
  /** ARN of that key's holder; undefined for no key, and one that the account does not know. */
  caller: string | undefined = undefined;
  /** `mns:SendMessage`, as far as it is known without asking the policies. */
  operation: string | undefined = undefined;
  readonly accesses: Access[] = [];
  /** The id of the key that it was given. */
  issuedKeyId: string | undefined = undefined;
  /** What the cloud was asked to have go wrong. */
  fault: string | undefined = undefined;
  messages: readonly TouchedMessage[] = NONE;
  readonly service: ServiceName;
  /** When it came, in milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Without the query, which may hold a signature. */
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

/** What has to do with who asks and whether it may: keys, signatures, tokens, dates, policies, ACLs. */
const REFUSAL =
  /AccessDenied|NoPermission|Forbidden|Signature|AccessKey|SecurityToken|Authorization|TimeExpired|TimeTooSkewed|TimeStamp|Authentication/;

/** Whether it was refused for who asks: by a policy or an ACL, or for its key, signature, token or date. */
export function isRefused({ code }: NotedRequest): boolean {
  return code !== undefined && REFUSAL.test(code);
}

/** Whether it came to nothing. That a queue has no message, and that nothing has changed, is no failure. */
export function hasFailed({ status, code }: NotedRequest): boolean {
  return status !== undefined && (status === 0 || status >= 400) && code !== 'MessageNotExist';
}

/** What the policies refused; undefined for anything else, such as what they did not allow and an ACL did. */
export function refusedAccess(request: NotedRequest): Access | undefined {
  if (!isRefused(request)) return undefined;
  return request.accesses.find(({ decision }) => !decision.allowed);
}
