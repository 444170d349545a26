import { CredentialsError } from '../errors.ts';
import { rememberSecrets } from '../redact.ts';
import type { Credentials } from './types.ts';

export interface FetchOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Time for connecting and reading together, in milliseconds. */
  timeoutMs: number;
}

/** The text an HTTP source answers with status 200. Throws a CredentialsError that names the source and never the answer, which may hold a secret. */
export async function fetchText(
  source: string,
  url: string,
  { timeoutMs, ...init }: FetchOptions,
): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    text = await response.text();
  } catch (cause) {
    const why =
      cause instanceof Error && cause.name === 'TimeoutError'
        ? `did not answer within ${timeoutMs} ms`
        : 'could not be reached';
    throw unavailable(`${source} ${why}`, 'check the address and the network', cause);
  }
  if (response.status === 200) return text;
  throw unavailable(`${source} answered ${response.status}`, 'check the address and the role name');
}

/** The JSON that the metadata server and a credentials URI answer: `Code: "Success"`, AccessKeyId, AccessKeySecret, SecurityToken, Expiration (ISO 8601). */
export function parseCredentials(source: string, text: string): Credentials {
  const answer = parseObject(source, text);
  if (answer.Code !== undefined && answer.Code !== 'Success')
    throw unavailable(
      `${source} answered Code ${JSON.stringify(String(answer.Code).slice(0, 100))}`,
      'check that the role is attached and trusts the caller',
    );
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = answer;
  const expiration = Date.parse(String(Expiration));
  if (!isText(AccessKeyId) || !isText(AccessKeySecret) || !isText(SecurityToken))
    throw invalid(source, 'AccessKeyId, AccessKeySecret and SecurityToken');
  if (Number.isNaN(expiration)) throw invalid(source, 'Expiration in ISO 8601');
  rememberSecrets(AccessKeySecret, SecurityToken);
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
    // Told below without the parser's message, which quotes the text.
  }
  const kind = text.trimStart().startsWith('<') ? 'HTML or XML' : 'something';
  throw unavailable(
    `${source} answered ${kind} that is not a JSON object`,
    'check that the address is that of a credentials source and not of a proxy or a login page',
  );
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
