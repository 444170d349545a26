import type { Range } from './limits.ts';

interface ErrorKind {
  status: number;
  message: string;
}

/** Codes and messages as they are on the wire, odd spellings included (SDKs match on them). */
export const ERRORS = {
  AccessDenied: {
    status: 403,
    message: 'The OwnerId that your Access Key Id associated to is forbidden for this operation.',
  },
  InvalidAccessKeyId: { status: 403, message: 'The access Id you provided does not exist.' },
  SignatureDoesNotMatch: {
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  },
  TimeExpired: { status: 408, message: 'The http request you sent is expired.' },
  InvalidAuthorizationHeader: {
    status: 400,
    message: 'The Authorization header format is invalid.',
  },
  MissingAuthorizationHeader: { status: 400, message: 'Authorization header is required.' },
  InvalidDateHeader: { status: 400, message: 'The Date header format is invalid.' },
  MissingDateHeader: { status: 400, message: 'Date header is required.' },
  InvalidArgument: { status: 400, message: 'The value of an argument is not valid.' },
  InvalidDegist: { status: 400, message: 'The Content-MD5 you specified is invalid.' },
  InvalidRequestURL: { status: 400, message: 'The request URL is invalid.' },
  InvalidQueryString: { status: 400, message: 'The request query string is invalid.' },
  MalformedXML: { status: 400, message: 'The XML you provided was not well-formed.' },
  MissingReceiptHandle: { status: 400, message: 'ReceiptHandle is required.' },
  MissingVisibilityTimeout: { status: 400, message: 'VisibilityTimeout is required.' },
  ReceiptHandleError: { status: 400, message: 'The receipt handle you provide is not valid.' },
  MessageNotExist: { status: 404, message: 'Message not exist.' },
  QueueNotExist: { status: 404, message: 'The queue name you provided is not exist.' },
  QueueAlreadyExist: { status: 409, message: 'The queue you want to create is already exist.' },
  InvalidQueueName: { status: 400, message: 'The queue name you provided is invalid.' },
  QueueNameLengthError: {
    status: 400,
    message: 'The length of the queue name you provided is invalid.',
  },
  // The code is documented (sequential-message); its status and its text are not.
  FifoMissingMessageGroupId: {
    status: 400,
    message: 'MessageGroupId is required for a FIFO queue or topic.',
  },
  QpsLimitExceeded: { status: 400, message: 'The request rate is over the limit.' },
  TopicNotExist: { status: 404, message: 'The topic name you provided is not exist.' },
  TopicAlreadyExist: { status: 409, message: 'The topic you want to create is already exist.' },
  TopicNameInvalid: { status: 400, message: 'The topic name you provided is invalid.' },
  TopicNameLengthError: {
    status: 400,
    message: 'The length of the topic name you provided is invalid.',
  },
  SubscriptionNotExist: {
    status: 404,
    message: 'The subscription name you provided is not exist.',
  },
  SubscriptionAlreadyExist: {
    status: 409,
    message: 'The subscription you want to create is already exist.',
  },
  SubscriptionNameInvalid: {
    status: 400,
    message: 'The subscription name you provided is invalid.',
  },
  EndpointInvalid: { status: 400, message: 'The endpoint you provided is invalid.' },
  InternalError: { status: 500, message: 'The service met an internal error.' },
  NotImplemented: { status: 501, message: 'The local SMQ does not implement this operation.' },
} as const satisfies Record<string, ErrorKind>;

export type SmqErrorCode = keyof typeof ERRORS;

/** A refusal in the service's own terms: thrown by the core and the edge alike, answered by the edge as status, Code and Message. */
export class SmqError extends Error {
  override readonly name = 'SmqError';
  readonly code: SmqErrorCode;

  constructor(code: SmqErrorCode, message: string = ERRORS[code].message, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Returns `value` if it is a whole number in the range; throws InvalidArgument naming the element otherwise. */
export function inRange(element: string, value: number, range: Range): number {
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw outOfRange(element, range);
}

export function outOfRange(element: string, { min, max, unit }: Range): SmqError {
  const text = `The value of ${element} should between ${min} and ${max}`;
  return new SmqError('InvalidArgument', unit ? `${text} ${unit}.` : `${text}.`);
}
