import type { Credentials } from '../auth/credentials.ts';
import { requirePair } from '../auth/require-present.ts';
import { ServiceError, type ServiceErrorOptions, toError } from '../errors/errors.ts';
import { redact, rememberSecrets } from '../log/redact.ts';
import { muteDebug } from '../net/mute-debug.ts';

/** What to do about a code; derived from the message if one code has several causes. */
export type Remedies = Readonly<Record<string, string | ((message: string) => string)>>;

export interface OpenApiCall {
  service: ServiceErrorOptions['service'];
  /** Scheme and host, from net/endpoints.ts. */
  endpoint: string;
  version: string;
  action: string;
  /** Form of an RPC call, or query of a resource's call; undefined ones are left out. */
  parameters: Record<string, string | number | undefined>;
  /** For an API in ROA style, such as Function Compute's; absent for RPC. The answer to a deletion is read as empty. */
  resource?: { method: 'GET' | 'DELETE'; path: string };
  /** Absent for the few actions that are not signed. */
  credentials?: Credentials;
  /** Limit for connecting and for reading each, in milliseconds; default 10,000. */
  timeoutMs?: number;
  /** What to do about the product's own codes. */
  remedies?: Remedies;
}

const TIMEOUT_MS = 10_000;

const WRONG_ENDPOINT = 'check the endpoint: a proxy or another service may have answered';

/** Remedies for the gateway's codes; those for a product's own codes come with the call. */
const REMEDIES: Remedies = {
  NoPermission: 'grant the action to the caller',
  'Forbidden.RAM': 'grant the action to the caller',
  'InvalidAccessKeyId.NotFound': 'check the access key id, and that the key is active',
  'InvalidAccessKeyId.Inactive': 'activate the key, or use another',
  SignatureDoesNotMatch: 'check the access key secret',
  'InvalidTimeStamp.Expired': 'set the clock: the request is dated more than 15 minutes off',
  'InvalidSecurityToken.Expired': 'fetch a new temporary credential',
  'InvalidSecurityToken.Malformed': 'pass the security token exactly as it was handed out',
  'InvalidSecurityToken.MismatchWithAccessKey':
    'pass id, secret and security token that were handed out together',
  MissingSecurityToken: 'pass the security token of the temporary credential',
  'Throttling.User': 'call less often; the same call may succeed later',
};

/**
 * Calls an OpenAPI, in RPC style unless a resource is named, through `@alicloud/openapi-core`
 * (ACS3-HMAC-SHA256), loaded on the first call. Resolves to the answer's body. Throws a CredentialsError
 * for an incomplete credential, else a ServiceError with the service's code, status and request id. The
 * SDK's own error is not kept as the cause: for a wrong signature it quotes the string to sign, which
 * includes the security token.
 */
export async function callOpenApi(call: OpenApiCall): Promise<Record<string, unknown>> {
  if (call.credentials) requirePair(call.credentials);
  const { accessKeyId, accessKeySecret, securityToken } = call.credentials ?? {};
  rememberSecrets(accessKeySecret, securityToken);
  const { default: Client, $OpenApiUtil } = await sdk();
  const { protocol, host } = new URL(call.endpoint);
  const timeout = call.timeoutMs ?? TIMEOUT_MS;
  const client = new Client(
    new $OpenApiUtil.Config({
      endpoint: host,
      protocol: protocol.replace(':', ''),
      accessKeyId,
      accessKeySecret,
      securityToken,
      readTimeout: timeout,
      connectTimeout: timeout,
    }),
  );
  const { resource } = call;
  const answersNothing = resource?.method === 'DELETE';
  const params = new $OpenApiUtil.Params({
    action: call.action,
    version: call.version,
    protocol: 'HTTPS',
    pathname: resource?.path ?? '/',
    method: resource?.method ?? 'POST',
    authType: call.credentials ? 'AK' : 'Anonymous',
    style: resource ? 'ROA' : 'RPC',
    reqBodyType: resource ? 'json' : 'formData',
    bodyType: answersNothing ? 'none' : 'json',
  });
  const given = present(call.parameters);
  const request = new $OpenApiUtil.OpenApiRequest({
    headers: ONE_CONNECTION_EACH,
    ...(resource ? { query: given } : { body: given }),
  });
  try {
    const { body } = await client.callApi(params, request, NO_RUNTIME_OPTIONS);
    return answersNothing ? {} : asObject(body, call);
  } catch (error) {
    throw error instanceof ServiceError ? error : toServiceError(error, call);
  }
}

let loading: Promise<typeof import('@alicloud/openapi-core')> | undefined;

function sdk(): Promise<typeof import('@alicloud/openapi-core')> {
  // Called before each request, and an import would resolve its name anew each time.
  loading ??= load().catch((error: unknown) => {
    loading = undefined; // such as too many open files: the next use may succeed
    throw error;
  });
  return loading;
}

/** In a bundle and in native ESM the package's exports are nested under another `default`. */
async function load(): Promise<typeof import('@alicloud/openapi-core')> {
  muteDebug();
  const loaded = await import('@alicloud/openapi-core');
  return 'default' in loaded.default ? (loaded.default as unknown as typeof loaded) : loaded;
}

/**
 * The SDK takes no agent, and its own keeps connections without end: after a freeze of the instance, calls
 * would use connections that the other side has closed. Calls are few (a role is assumed once an hour), so
 * each has a connection of its own, and none is kept.
 */
const ONE_CONNECTION_EACH = { connection: 'close' };

/** The SDK reads plain fields of it, each with a fallback in the client's own configuration. */
const NO_RUNTIME_OPTIONS = {} as Parameters<OpenApiSdk['prototype']['callApi']>[2];
type OpenApiSdk = Awaited<ReturnType<typeof sdk>>['default'];

function present(parameters: OpenApiCall['parameters']): Record<string, string> {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function asObject(body: unknown, { service, action }: OpenApiCall): Record<string, unknown> {
  if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  throw new ServiceError(`${action} answered without a JSON object`, {
    service,
    code: 'UnexpectedAnswer',
    remedy: WRONG_ENDPOINT,
  });
}

function toServiceError(error: unknown, call: OpenApiCall): ServiceError {
  const { code, statusCode, requestId, message } = error as Record<string, unknown>;
  const { service, action } = call;
  if (typeof code !== 'string' || typeof statusCode !== 'number') return unusable(error, call);
  const said = firstSentence(message);
  const known = call.remedies?.[code] ?? REMEDIES[code];
  const remedy = typeof known === 'function' ? known(said) : known;
  return new ServiceError(`${action} failed with ${code} (${said})`, {
    service,
    code,
    status: statusCode,
    ...(typeof requestId === 'string' && { requestId }),
    ...(remedy && { remedy }),
    retryable: statusCode >= 500 || code.startsWith('Throttling'),
  });
}

/** There was no answer, or a page from another server such as a proxy: the same call may succeed later. */
function unusable(error: unknown, call: OpenApiCall): ServiceError {
  const { service, action, endpoint, timeoutMs = TIMEOUT_MS } = call;
  const { name, message } = toError(error);
  // The parser's message quotes the answer, and the SDK's describes the whole request.
  if (name === 'SyntaxError')
    return new ServiceError(`${action} got an answer from ${endpoint} that is not JSON`, {
      service,
      code: 'UnexpectedAnswer',
      remedy: WRONG_ENDPOINT,
      retryable: true,
    });
  const isLate = /^(Read|Connect)Timeout\(/.test(message);
  const reason = isLate
    ? `no answer within ${timeoutMs} ms`
    : redact(message.replace(/\.? ?(GET|POST) https?:.*$/s, ''));
  return new ServiceError(`${action} on ${endpoint} failed, ${reason}`, {
    service,
    code: isLate ? 'RequestTimeout' : 'ConnectionFailed',
    remedy: 'check the endpoint and the network; the same call may succeed later',
    retryable: true,
  });
}

/**
 * Returns the message without the SDK's prefix and suffix, and without what may follow: a string to sign, a
 * signed URL.
 */
function firstSentence(message: unknown): string {
  const text = String(message)
    .replace(/^(\S+: )?code: \d+, /, '')
    .replace(/ request id: .*$/s, '');
  return redact(text.split(/\.\s|\sserver string|https?:\/\/|[?&]Signature=/i)[0] ?? '').slice(
    0,
    300,
  );
}
