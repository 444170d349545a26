import { CHECK_CREDENTIAL } from '../../auth/remedy.ts';
import {
  AppError,
  hasCode,
  isTransient,
  mayPass,
  ServiceError,
  toError,
} from '../../errors/errors.ts';

/** One operation as described in errors. */
export interface Operation {
  /** The API's name for it, such as `PutObject`. */
  name: string;
  bucket: string;
  /** Absent for operations on the bucket. */
  key?: string;
  /** The action a policy has to allow, if it is not `oss:<name>`. */
  action?: string;
}

/** This wrapper's codes for failures without an answer from OSS. */
const CONNECTION_FAILED = 'ConnectionFailed';
const REQUEST_TIMEOUT = 'RequestTimeout';
const UNEXPECTED_ANSWER = 'UnexpectedAnswer';

/** Refusals with 400 of a request that broke on its way: its content changed, or did not come in time. */
const IN_TRANSIT = new Set(['InvalidDigest', REQUEST_TIMEOUT]);

const TRY_AGAIN = 'try again later, and check OSS_ENDPOINT, NETWORK and the region if it stays';

/** What to do about OSS's codes. */
const REMEDIES: Record<string, (operation: Operation, message: string) => string> = {
  AccessDenied: deniedRemedy,
  InvalidAccessKeyId: () => CHECK_CREDENTIAL,
  SignatureDoesNotMatch: () => CHECK_CREDENTIAL,
  SecurityTokenExpired: () => CHECK_CREDENTIAL,
  InvalidSecurityToken: () => CHECK_CREDENTIAL,
  RequestTimeTooSkewed: () => 'set the clock: the request is dated more than 15 minutes off',
  NoSuchBucket: () => "check the bucket's name (BUCKET_NAME in s.yaml), and the region",
  NoSuchKey: () => 'check the key, and that the object has not been deleted',
  FileAlreadyExists: () => 'choose another key, or leave forbidOverwrite out to replace the object',
  EntityTooLarge: () => 'upload it in parts',
  NoSuchUpload: () => 'begin the upload again, without the checkpoint: its parts are gone',
};

/** One code has many causes: only the message shows which. */
function deniedRemedy({ name, bucket, key, action }: Operation, message: string): string {
  if (/specified endpoint/i.test(message))
    return 'the bucket is in another region: check the region, or OSS_ENDPOINT';
  if (/\bacl is not allowed/i.test(message))
    return 'leave the public ACL out, or stop the bucket from blocking public access';
  if (/does not belong to you/i.test(message))
    return "check the bucket's name: another account has it";
  if (/security ?token|expired/i.test(message)) return CHECK_CREDENTIAL;
  return `grant ${action ?? `oss:${name}`} on acs:oss:*:*:${bucket}${key === undefined ? '' : `/${key}`} to the caller, such as the function's role`;
}

/**
 * Turns whatever ali-oss threw into a ServiceError that says what was tried, what came back and what to do.
 * ali-oss's own error is not kept, because it includes the whole request.
 */
export function ossError(error: unknown, operation: Operation): AppError {
  if (error instanceof AppError) return error;
  const { name, message, status, code, requestId, ecCode } = quoted(facts(error));
  if (name === 'ResponseTimeoutError' || status === -2)
    return failure(operation, { code: REQUEST_TIMEOUT, reason: 'no answer in time' });
  if (status === -1)
    return failure(operation, { code: CONNECTION_FAILED, reason: firstClause(message) });
  if (status === undefined)
    return failure(operation, {
      code: UNEXPECTED_ANSWER,
      reason: 'answer could not be read',
      cause: new Error(message),
    });
  if (code === undefined)
    return failure(operation, {
      code: UNEXPECTED_ANSWER,
      reason: status < 300 ? "answer broke off or is not OSS's" : "answer is not OSS's",
      status,
      requestId,
    });

  const said = message.replace(/\.$/, '');
  const parts = [
    `${describe(operation)} failed with ${status} ${code}`,
    said && ` "${said}"`,
    requestId && ` (request ${requestId}${ecCode ? `, EC ${ecCode}` : ''})`,
  ];
  const remedy = REMEDIES[code]?.(operation, message);
  return new ServiceError(parts.filter(Boolean).join(''), {
    service: 'oss',
    code,
    status,
    ...(requestId !== undefined && { requestId }),
    ...(remedy !== undefined && { remedy }),
    retryable: status >= 500 || status === 429 || IN_TRANSIT.has(code),
  });
}

/** The answer does not have the operation's form, though its status was fine. */
export function unexpectedAnswer(
  operation: Operation,
  reason: string,
  answer: { status: number; requestId?: string | undefined },
): ServiceError {
  return failure(operation, { code: UNEXPECTED_ANSWER, reason, ...answer });
}

/** The object's content is not packed as its Content-Encoding says; trying again does not help. */
export function invalidEncoding(operation: Operation, cause?: unknown): ServiceError {
  const reason = 'its Content-Encoding is not that of its content';
  return new ServiceError(`${describe(operation)} failed, ${reason}`, {
    service: 'oss',
    code: UNEXPECTED_ANSWER,
    status: 200,
    remedy: 'store it again with the Content-Encoding that it has, or with none',
    cause,
  });
}

/** Returns whether an error was made by invalidEncoding. */
export function isInvalidEncoding(error: unknown): boolean {
  return hasCode(error, UNEXPECTED_ANSWER) && isAnswered(error) && !isTransient(error);
}

function isAnswered(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 200;
}

/** The content changed in transit. */
export function checksumMismatch(operation: Operation, requestId: string): ServiceError {
  return new ServiceError(
    `${describe(operation)} changed the content on the way (CRC-64 differs)`,
    {
      service: 'oss',
      code: 'ChecksumMismatch',
      requestId,
      remedy: operation.name === 'GetObject' ? 'get the object again' : 'put the object again',
      retryable: true,
    },
  );
}

interface Failure {
  code: string;
  reason: string;
  status?: number;
  requestId?: string | undefined;
  cause?: Error;
}

function failure(
  operation: Operation,
  { code, reason, status, requestId, cause }: Failure,
): ServiceError {
  const parts = [
    `${describe(operation)} failed`,
    status !== undefined && ` with ${status}`,
    requestId && ` (request ${requestId})`,
    `, ${reason}`,
  ];
  return new ServiceError(parts.filter(Boolean).join(''), {
    service: 'oss',
    code,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    remedy: TRY_AGAIN,
    cause,
    retryable: mayPass(status),
  });
}

function describe({ name, bucket, key }: Operation): string {
  return key === undefined
    ? `${name} on bucket "${bucket}"`
    : `${name} on object "${key}" in bucket "${bucket}"`;
}

/**
 * Reads a refusal that repeats a key which XML cannot hold: ali-oss could not parse it, and quotes it whole
 * in its message.
 */
function quoted(given: ReturnType<typeof facts>): ReturnType<typeof facts> {
  const [, xml] = /\nraw xml: (.*)$/s.exec(given.message) ?? [];
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml ?? '')?.[1];
  const code = field('Code');
  if (given.code !== undefined || code === undefined) return given;
  const requestId = field('RequestId') ?? given.requestId;
  return { ...given, code, message: field('Message') ?? '', requestId, ecCode: field('EC') };
}

/** Cuts the message at the first comma: after it urllib describes sockets and headers. */
function firstClause(message: string): string {
  return message.replace(/, (GET|PUT|POST|HEAD|DELETE) https?:.*$/s, '');
}

function facts(error: unknown) {
  const { name, message } = toError(error);
  const field = (key: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
  const text = (key: string) => {
    const value = field(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const status = field('status');
  return {
    name,
    message,
    status: typeof status === 'number' ? status : undefined,
    code: text('code'),
    requestId: text('requestId'),
    ecCode: text('ecCode'),
  };
}
