import type { Credentials } from '../auth/credentials.ts';
import { parseExpiration } from '../auth/expiration.ts';
import { requirePresent } from '../auth/require-present.ts';
import { CredentialsError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';
import { BrokenExchange, exchange, type Incoming } from '../net/exchange.ts';
import { KeptConnections } from '../net/kept-connections.ts';
import { errorCode } from '../net/watched-request.ts';

export interface FetchOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Limit for connecting and reading together, in milliseconds. */
  timeoutMs: number;
}

/** Maximum bytes of an answer; a credential with its token takes about 2,000. */
const MAX_ANSWER_BYTES = 64 * 1024;
const WRONG_ADDRESS =
  'check that the address is that of a credentials source and not of a proxy or a login page';

/** The process's connections to the sources of credentials. */
const connections = new KeptConnections();

/**
 * Returns the text an HTTP source answers with status 200. Does not follow redirects: that would hand the
 * headers, which may hold a secret, to another address. Throws a CredentialsError that names the source and
 * never the answer, which may hold a secret too.
 */
export async function fetchText(
  source: string,
  url: string,
  { method = 'GET', headers = {}, timeoutMs }: FetchOptions,
): Promise<string> {
  const { origin, pathname, search } = new URL(url);
  let answer: Incoming;
  try {
    const request = { method, path: `${pathname}${search}`, headers, timeoutMs };
    answer = await exchange(connections, origin, { ...request, maxBytes: MAX_ANSWER_BYTES });
  } catch (cause) {
    throw describeFailure(source, cause, timeoutMs);
  }
  const { status, body } = answer;
  if (status === 200) return body.toString();
  if (status >= 300 && status < 400)
    throw unavailable(
      `${source} answered ${status}, a redirect, which is not followed`,
      WRONG_ADDRESS,
    );
  throw unavailable(`${source} answered ${status}`, 'check the address and the role name');
}

function describeFailure(source: string, cause: unknown, timeoutMs: number): CredentialsError {
  const { reason } = cause instanceof BrokenExchange ? cause : {};
  const code = errorCode(cause);
  if (reason === 'answer too long')
    return unavailable(`${source} answered more than ${MAX_ANSWER_BYTES} bytes`, WRONG_ADDRESS);
  const what =
    reason === 'no answer in time'
      ? `did not answer within ${timeoutMs} ms`
      : `could not be reached${code === undefined ? '' : ` (${code})`}`;
  return unavailable(`${source} ${what}`, 'check the address and the network', cause);
}

/**
 * Parses the JSON that the metadata server and a credentials URI answer: `Code: "Success"`, AccessKeyId,
 * AccessKeySecret, SecurityToken, Expiration (ISO 8601).
 */
export function parseCredentials(source: string, text: string): Credentials {
  const answer = parseObject(source, text);
  if (answer.Code !== undefined && answer.Code !== 'Success')
    throw unavailable(
      `${source} answered Code ${JSON.stringify(String(answer.Code).slice(0, 100))}`,
      'check that the role is attached and trusts the caller',
    );
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = answer;
  const expiration = parseExpiration(Expiration);
  if (!isText(AccessKeyId) || !isText(AccessKeySecret) || !isText(SecurityToken))
    throw invalid(source, 'AccessKeyId, AccessKeySecret and SecurityToken');
  if (Number.isNaN(expiration)) throw invalid(source, 'Expiration in ISO 8601');
  rememberSecrets(AccessKeySecret, SecurityToken);
  requirePresent(source, { AccessKeyId, AccessKeySecret, SecurityToken });
  return {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
    expiration,
  };
}

function parseObject(source: string, text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Reported below without the parser's message, which quotes the text.
  }
  const kind = text.trimStart().startsWith('<') ? 'HTML or XML' : 'something';
  throw unavailable(`${source} answered ${kind} that is not a JSON object`, WRONG_ADDRESS);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function unavailable(message: string, remedy: string, cause?: unknown): CredentialsError {
  return new CredentialsError(message, { code: 'CredentialsUnavailable', remedy, cause });
}

function invalid(source: string, wanted: string): CredentialsError {
  return new CredentialsError(`${source} answered without ${wanted}`, {
    code: 'InvalidCredentials',
    remedy: 'have it answer with all of them',
  });
}
