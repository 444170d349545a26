import type { Credentials } from '../auth/credentials.ts';
import { CredentialsError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';

export interface FetchOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Time for connecting and reading together, in milliseconds. */
  timeoutMs: number;
}

/** Bytes; a credential with its token takes about 2,000. */
const MAX_ANSWER_BYTES = 64 * 1024;
const WRONG_ADDRESS =
  'check that the address is that of a credentials source and not of a proxy or a login page';

/** The text an HTTP source answers with status 200. Throws a CredentialsError that names the source and never the answer, which may hold a secret. */
export async function fetchText(
  source: string,
  url: string,
  { timeoutMs, ...init }: FetchOptions,
): Promise<string> {
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    text = await boundedText(response);
  } catch (cause) {
    throw unavailable(
      `${source} ${describeFailure(cause, timeoutMs)}`,
      'check the address and the network',
      cause,
    );
  }
  if (text === undefined)
    throw unavailable(`${source} answered more than ${MAX_ANSWER_BYTES} bytes`, WRONG_ADDRESS);
  if (response.status === 200) return text;
  throw unavailable(`${source} answered ${response.status}`, 'check the address and the role name');
}

/** Undefined when it is too large to be a credential; the rest is not read. */
async function boundedText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** fetch keeps the system's reason two levels down. */
function describeFailure(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'could not be reached';
  if (error.name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
  return `could not be reached${code}`;
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
    // Said below without the parser's message, which quotes the text.
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
