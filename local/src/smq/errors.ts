import { MAX_NAME_CHARACTERS, type Range } from './limits.ts';

interface ErrorKind {
  status: number;
  message: string;
}

/**
 * Codes and messages as sent or as listed on the page of error codes, odd spellings included (SDKs
 * match on them). Where that page gives limits of names, those of today are used. The messages of
 * topics, subscriptions and endpoints, except TopicAlreadyExist, follow the same wording.
 */
export const ERRORS = {
  AccessDenied: {
    status: 403,
    message: 'The OwnerId that your Access Key Id associated to is forbidden for this operation.',
  },
  InvalidAccessKeyId: { status: 403, message: 'The access Id you provided is not exist.' },
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
  // Both codes are in the official C# SDK; their messages are not documented.
  MissingVersionHeader: { status: 400, message: 'x-mns-version header is required.' },
  InvalidVersionHeader: {
    status: 400,
    message: 'The x-mns-version header is invalid. It should be 2015-06-06.',
  },
  InvalidArgument: { status: 400, message: 'The value of an argument is invalid.' },
  InvalidDegist: { status: 400, message: 'The Content-MD5 you specified is invalid.' },
  InvalidRequestURL: { status: 400, message: 'Http request URL format invalid.' },
  InvalidQueryString: { status: 400, message: 'Http request URL contains invalid querystring.' },
  MalformedXML: { status: 400, message: 'The XML you provided was not well-formed.' },
  MissingReceiptHandle: { status: 400, message: 'ReceiptHandle is required.' },
  MissingVisibilityTimeout: { status: 400, message: 'VisibilityTimeout is required.' },
  ReceiptHandleError: { status: 400, message: 'The receipt handle you provide is not valid.' },
  MessageNotExist: { status: 404, message: 'Message not exist.' },
  QueueNotExist: { status: 404, message: 'The queue name you provided is not exist.' },
  QueueAlreadyExist: { status: 409, message: 'The queue you want to create is already exist.' },
  InvalidQueueName: {
    status: 400,
    message:
      'The queue name you provided is invalid. QueueName should start with alpha or digit and contain only alpha, digit or -.',
  },
  QueueNameLengthError: {
    status: 400,
    message: `Queue name length should between 1 and ${MAX_NAME_CHARACTERS}.`,
  },
  // The code is documented (sequential-message); its status and its message are not.
  FifoMissingMessageGroupId: {
    status: 400,
    message: 'MessageGroupId is required for a FIFO queue or topic.',
  },
  QpsLimitExceeded: { status: 400, message: 'The qps limit of the queue is exceeded.' },
  TopicNotExist: { status: 404, message: 'The topic name you provided is not exist.' },
  TopicAlreadyExist: { status: 409, message: 'The topic you want to create already exists.' },
  TopicNameInvalid: {
    status: 400,
    message:
      'The topic name you provided is invalid. TopicName should start with alpha or digit and contain only alpha, digit or -.',
  },
  TopicNameLengthError: {
    status: 400,
    message: `Topic name length should between 1 and ${MAX_NAME_CHARACTERS}.`,
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
  InternalError: { status: 500, message: 'Interal error.' },
  NotImplemented: { status: 501, message: 'The local SMQ does not implement this operation.' },
} as const satisfies Record<string, ErrorKind>;

export type SmqErrorCode = keyof typeof ERRORS;

/**
 * A refusal in the service's own terms: thrown by the core and the edge, answered by the edge as
 * status, Code and Message.
 */
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

/** Returns the error for an element that the API's schema does not have in that place. */
export function unknownElement(name: string): SmqError {
  return new SmqError(
    'InvalidArgument',
    `The XML you provided did not validate against our published schema, cause by ${name}.`,
  );
}

/**
 * Returns the error for a query parameter that an operation does not accept, or not in that form.
 */
export function invalidQuery(name: string): SmqError {
  return new SmqError(
    'InvalidQueryString',
    `Http request URL contains invalid querystring item "${name}".`,
  );
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
