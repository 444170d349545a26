import { CHECK_CREDENTIAL } from '../auth/remedy.ts';
import { cut } from '../errors/cut.ts';
import { ServiceError } from '../errors/errors.ts';
import { redact } from '../log/redact.ts';
import { parseJson } from '../schema/validate.ts';

/** The answer to an invocation that was not successful. */
export interface Refusal {
  status: number | undefined;
  requestId: string | undefined;
  /** The body, if it was JSON. */
  body: unknown;
}

const MAX_QUOTE_LENGTH = 300; // characters

const REMEDIES: Readonly<Record<string, string>> = {
  AccessDenied: "grant fc:InvokeFunction on the function to the caller's role",
  InvalidAccessKeyID: CHECK_CREDENTIAL,
  InvalidSecurityToken: CHECK_CREDENTIAL,
  SecurityTokenExpired: CHECK_CREDENTIAL,
  SignatureNotMatch: CHECK_CREDENTIAL,
  FunctionNotFound: 'check the name, and the region',
  ServiceNotFound: 'check the service’s name, and the region',
  EntityTooLarge: 'send less than 32 MB, or 128 KB asynchronously: put the rest into OSS',
  ResourceThrottled: 'call less at a time, or raise the concurrency limit of the function',
};

/** FC refused the call or could not carry it out: the function did not run, or not to its end. */
export function refused(target: string, { status, requestId, body }: Refusal): ServiceError {
  const code = text(body, 'Code') ?? text(body, 'ErrorCode');
  if (code === undefined)
    return unreachable(target, `answer is not Function Compute's (status ${status ?? 'unknown'})`, {
      status,
    });
  const message = text(body, 'Message') ?? text(body, 'ErrorMessage') ?? '';
  const facts = [status, code, message && `"${quote(message)}"`, requestId && `(${requestId})`];
  const remedy = REMEDIES[code];
  return new ServiceError(`${target} failed with ${facts.filter(Boolean).join(' ')}`, {
    service: 'fc',
    code,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(remedy !== undefined && { remedy }),
    retryable: status === 429 || (status !== undefined && status >= 500 && status !== 501),
  });
}

/**
 * The function ran and failed: FC answers with 200 and names the error's type in a header. Calling again
 * may run it twice, so this is not `retryable`.
 */
export function functionFailed(
  target: string,
  errorType: string,
  { requestId, body }: Omit<Refusal, 'status'>,
): ServiceError {
  const name = text(body, 'errorType') ?? errorType;
  const message = text(body, 'errorMessage') ?? 'no message';
  return new ServiceError(`${target} ended with ${cut(name)} "${quote(message)}"`, {
    service: 'fc',
    code: errorType,
    status: 200,
    ...(requestId !== undefined && { requestId }),
    remedy: "look for the request id in the called function's logs",
  });
}

/** The answer is larger than the limit; the function has run. */
export function tooLarge(target: string, limit: number): ServiceError {
  return new ServiceError(`${target} answered with more than the limit of ${limit} bytes`, {
    service: 'fc',
    code: 'AnswerTooLarge',
    status: 200,
    remedy: 'have the function store its result in OSS and answer with the key',
  });
}

/** There was no answer, or one that is not from Function Compute. A synchronous call may have run. */
export function unreachable(
  target: string,
  reason: string,
  { status, cause }: { status?: number | undefined; cause?: unknown } = {},
): ServiceError {
  return new ServiceError(`${target} failed, ${redact(reason)}`, {
    service: 'fc',
    code: status === undefined ? 'ConnectionFailed' : 'UnexpectedAnswer',
    ...(status !== undefined && { status }),
    remedy: 'try again later, and check FUNCTION_ENDPOINT, NETWORK and the region if it stays',
    retryable: true,
    cause,
  });
}

/**
 * Parses a body that is JSON. Returns undefined for any other and for one nested too deep: no error can be
 * read from it.
 */
export function parsed(body: Buffer | string): unknown {
  try {
    return parseJson(body, 'Answer');
  } catch {
    return undefined;
  }
}

function text(body: unknown, name: string): string | undefined {
  const value: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function quote(message: string): string {
  return cut(redact(message).replace(/\.$/, ''), MAX_QUOTE_LENGTH);
}
