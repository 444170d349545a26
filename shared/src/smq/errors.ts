import { CHECK_CREDENTIAL } from '../auth/remedy.ts';
import { mayPass, ServiceError, toError } from '../errors/errors.ts';
import { BrokenExchange } from '../net/exchange.ts';
import { UnexpectedAnswer } from './answer.ts';
import { type AnswerHead, answerHead } from './answer-head.ts';
import { Refusal, UnreadableAnswer } from './sdk-client.ts';

/** One operation as described in errors. */
export interface Operation {
  /** The API's name for it, such as `SendMessage`. */
  name: string;
  /** What it works on: `queue "orders"`. */
  target: string;
  /** What a policy has to allow: `mns:SendMessage on acs:mns:<region>:<account>:/queues/orders/messages`. */
  permission: string;
}

/** This wrapper's codes for failures without an answer from SMQ. */
const CONNECTION_FAILED = 'ConnectionFailed';
const REQUEST_TIMEOUT = 'RequestTimeout';
const UNEXPECTED_ANSWER = 'UnexpectedAnswer';

const LEASE_LOST =
  "the lease has ended, or the message was deleted: raise the queue's visibility timeout or change the message's in time, and use the newest receipt handle";

/** What to do about SMQ's codes. */
const REMEDIES: Record<string, (operation: Operation, message: string) => string> = {
  // This code also covers an invalid token: only the message shows which.
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

/**
 * Turns whatever a request ended with into a ServiceError that says what was tried, what came back and what
 * to do. `head` belongs to the answer that was being read.
 */
export function smqError(
  error: unknown,
  operation: Operation,
  head: AnswerHead = {},
): ServiceError {
  if (error instanceof ServiceError) return error;
  const cause = toError(error);
  if (cause instanceof Refusal) return refused(cause, operation, cause.head, cause);
  if (cause instanceof BrokenExchange) return broken(cause, operation);
  if (cause instanceof UnreadableAnswer)
    return failure(
      UNEXPECTED_ANSWER,
      describeAnswer(cause, cause.head),
      operation,
      cause.head,
      cause,
    );
  return failure(UNEXPECTED_ANSWER, describeAnswer(cause, head), operation, head, cause);
}

function broken(cause: BrokenExchange, operation: Operation): ServiceError {
  const { reason, code, message } = cause;
  const head = answerHead(cause.status, cause.headers);
  if (reason === 'no answer in time')
    return failure(REQUEST_TIMEOUT, reason, operation, head, cause);
  if (reason === 'answer too long')
    return failure(UNEXPECTED_ANSWER, reason, operation, head, cause);
  return failure(CONNECTION_FAILED, code ?? message, operation, head, cause);
}

/** The answer does not have the operation's form: a proxy's page, an empty 500, a wrong status. */
export function unexpectedAnswer(operation: Operation, head: AnswerHead): ServiceError {
  const description = `answer is not SMQ's (${head.contentType ?? 'no content type'})`;
  return failure(UNEXPECTED_ANSWER, description, operation, head);
}

/** The service refused one item of a batch. */
export function itemError(
  operation: Operation,
  head: AnswerHead,
  item: { code: string; message: string | undefined },
): ServiceError {
  const { code, message = '' } = item;
  return refused({ code, message, retryable: RETRYABLE_CODES.has(code) }, operation, head);
}

function refused(
  { code, message, retryable }: { code: string; message: string; retryable?: boolean },
  operation: Operation,
  { status, requestId }: AnswerHead,
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
  { status, requestId }: AnswerHead,
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
    retryable: mayPass(status),
    cause,
  });
}

function describe({ name, target }: Operation): string {
  return `${name} on ${target}`;
}

function describeAnswer(cause: Error, { contentType }: AnswerHead): string {
  if (cause instanceof UnexpectedAnswer) return cause.message;
  return `answer could not be read (${contentType ?? 'no content type'})`;
}
