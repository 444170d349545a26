import { CHECK_CREDENTIAL } from '../auth/remedy.ts';
import { ServiceError, toError } from '../errors/errors.ts';
import { errorCode } from '../net/watched-request.ts';
import { UnexpectedAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';

/** One operation as errors speak of it. */
export interface Operation {
  /** The API's name of it: `SendMessage`. */
  name: string;
  /** What it works on: `queue "orders"`. */
  target: string;
  /** What a policy has to allow: `mns:SendMessage on acs:mns:<region>:<account>:/queues/orders/messages`. */
  permission: string;
}

/** Codes of this wrapper for what is no answer of SMQ's. */
const CONNECTION_FAILED = 'ConnectionFailed';
const REQUEST_TIMEOUT = 'RequestTimeout';
const UNEXPECTED_ANSWER = 'UnexpectedAnswer';

const LEASE_LOST =
  "the lease has ended, or the message was deleted: raise the queue's visibility timeout or change the message's in time, and use the newest receipt handle";

/** What to do about a code of SMQ's. */
const REMEDIES: Record<string, (operation: Operation, message: string) => string> = {
  // A token gone bad comes under this code too: only the message tells.
  AccessDenied: ({ permission }, message) =>
    /token/i.test(message)
      ? CHECK_CREDENTIAL
      : `grant ${permission} to the caller, such as the function's role`,
  InvalidAccessKeyId: () => CHECK_CREDENTIAL,
  SignatureDoesNotMatch: () => CHECK_CREDENTIAL,
  TimeExpired: () => 'set the clock: the request is dated more than 15 minutes off',
  QueueNotExist: () => "check the queue's name (QUEUE_NAME in s.yaml), and the region",
  TopicNotExist: () => "check the topic's name (TOPIC_NAME in s.yaml), and the region",
  SubscriptionNotExist: () => "check the subscription's name",
  QueueAlreadyExist: () => 'it exists with other attributes: set them instead of creating it',
  TopicAlreadyExist: () => 'it exists with other attributes: set them instead of creating it',
  SubscriptionAlreadyExist: () => 'it exists with other attributes: unsubscribe first',
  MessageNotExist: () => LEASE_LOST,
  ReceiptHandleError: () => 'pass the receipt handle as it was received, whole and not encoded',
  QpsLimitExceeded: () => 'send less, in batches, or ask for a higher limit',
};

const RETRYABLE_CODES = new Set(['QpsLimitExceeded', 'InternalError']);

/** Whatever the SDK threw, as a ServiceError that says what was tried, what came back and what to do. */
export function smqError(error: unknown, operation: Operation, exchange: Exchange): ServiceError {
  if (error instanceof ServiceError) return error;
  const cause = toError(error);
  const refusal = parseRefusal(cause);
  if (refusal) return refused(refusal, operation, exchange, cause);
  if (cause.name === 'RequestTimeoutError')
    return failure(REQUEST_TIMEOUT, 'no answer in time', operation, exchange, cause);
  const code = errorCode(cause);
  if (exchange.status === undefined || (code && /^E[A-Z]+$/.test(code)))
    return failure(CONNECTION_FAILED, code ?? cause.message, operation, exchange, cause);
  return failure(UNEXPECTED_ANSWER, describeAnswer(cause, exchange), operation, exchange, cause);
}

/** An answer of another form than the operation's: a proxy's page, an empty 500, a wrong status. */
export function unexpectedAnswer(operation: Operation, exchange: Exchange): ServiceError {
  const description = `answer is not SMQ's (${exchange.contentType ?? 'no content type'})`;
  return failure(UNEXPECTED_ANSWER, description, operation, exchange);
}

/** One item of a batch that the service refused. */
export function itemError(
  operation: Operation,
  exchange: Exchange,
  item: { code: string; message: string | undefined },
): ServiceError {
  const { code, message = '' } = item;
  return refused({ code, message, retryable: RETRYABLE_CODES.has(code) }, operation, exchange);
}

interface Refusal {
  code: string;
  message: string;
  /** Default: by code and status. */
  retryable?: boolean;
}

/** The SDK has the service's error in a name and a text only. */
function parseRefusal({ name, message }: Error): Refusal | undefined {
  const code = /^MNS(.+)Error$/s.exec(name)?.[1];
  const text = /, hostid: .*?, message: (.*)$/s.exec(message)?.[1];
  return code !== undefined && text !== undefined ? { code, message: text } : undefined;
}

function refused(
  { code, message, retryable }: Refusal,
  operation: Operation,
  { status, requestId }: Exchange,
  cause?: Error,
): ServiceError {
  const quoted = message.replace(/\.$/, '');
  const facts = [status, code, quoted && `"${quoted}"`, requestId && `(request ${requestId})`];
  const remedy = REMEDIES[code]?.(operation, message);
  return new ServiceError(`${describe(operation)} failed with ${facts.filter(Boolean).join(' ')}`, {
    service: 'smq',
    code,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(remedy !== undefined && { remedy }),
    retryable: retryable ?? (RETRYABLE_CODES.has(code) || (status !== undefined && status >= 500)),
    cause,
  });
}

function failure(
  code: string,
  reason: string,
  operation: Operation,
  { status, requestId }: Exchange,
  cause?: Error,
): ServiceError {
  const facts = [status !== undefined && ` with ${status}`, requestId && ` (request ${requestId})`];
  const what = `${describe(operation)} failed${facts.filter(Boolean).join('')}, ${reason}`;
  return new ServiceError(what, {
    service: 'smq',
    code,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    remedy: 'try again later, and check SMQ_ENDPOINT, NETWORK and the region if it stays',
    // Nothing came, or nothing that SMQ decided: the same request may succeed.
    retryable: status === undefined || status < 400 || status === 429 || status >= 500,
    cause,
  });
}

function describe({ name, target }: Operation): string {
  return `${name} on ${target}`;
}

function describeAnswer(cause: Error, { contentType }: Exchange): string {
  if (cause instanceof UnexpectedAnswer) return cause.message;
  return `answer could not be read (${contentType ?? 'no content type'})`;
}
