import { randomUUID } from 'node:crypto';
import { UsageError } from '../../../tools/src/cli.ts';
import type { LogLine } from '../fc/runtime.ts';
import { ACS3_ALGORITHM, sha256, signAcs3 } from '../openapi/signature/acs3.ts';
import { DEFAULTS } from '../options.ts';

/** Options by which the tools find a running local cloud; the defaults are those of `npm start`. */
export const CONNECTION = {
  endpoint: { type: 'string', default: `http://${DEFAULTS.host}:${DEFAULTS.fcPort}` },
  'access-key-id': { type: 'string', default: DEFAULTS.accessKeyId },
  'access-key-secret': { type: 'string', default: DEFAULTS.accessKeySecret },
} as const;

export const CONNECTION_HELP = `  --endpoint URL            where the functions are (${CONNECTION.endpoint.default})
  --access-key-id ID        (${DEFAULTS.accessKeyId})
  --access-key-secret KEY   (${DEFAULTS.accessKeySecret})
`;

export interface Connection {
  endpoint: string;
  'access-key-id': string;
  'access-key-secret': string;
}

export interface InvokeAnswer {
  status: number;
  requestId: string;
  /** `HandledInvocationError` and its like; absent after a success. */
  errorType?: string;
  body: Buffer;
}

/** Invokes a function of the running local cloud by the 3.0 API. Throws UsageError for what the cloud refuses. */
export async function invoke(
  connection: Connection,
  name: string,
  event: Buffer,
  { async = false }: { async?: boolean } = {},
): Promise<InvokeAnswer> {
  const path = `/2023-03-30/functions/${encodeURIComponent(name)}/invocations`;
  const headers: Record<string, string> = {
    host: guardEndpoint(connection).host,
    'x-acs-content-sha256': sha256(event),
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
  };
  const names = Object.keys(headers).sort();
  const request = { method: 'POST', path, query: [], headers };
  const signature = signAcs3(connection['access-key-secret'], request, names);
  const credential = `Credential=${connection['access-key-id']}`;
  headers.authorization = `${ACS3_ALGORITHM} ${credential},SignedHeaders=${names.join(';')},Signature=${signature}`;
  if (async) headers['x-fc-invocation-type'] = 'Async';

  const response = await call(connection, path, { method: 'POST', headers, body: event });
  const errorType = response.headers.get('x-fc-error-type');
  return {
    status: response.status,
    requestId: response.headers.get('x-fc-request-id') ?? '',
    ...(errorType !== null && { errorType }),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** The last lines of a function of the running local cloud. */
export async function readLogs(connection: Connection, name: string): Promise<LogLine[]> {
  const response = await call(connection, `/_local/logs/${encodeURIComponent(name)}`);
  return JSON.parse(await response.text());
}

/** Sends a request to the running local cloud. Throws UsageError when nothing answers there or the answer is a refusal. */
export async function call(
  connection: Connection,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const { endpoint } = connection;
  guardEndpoint(connection);
  let response: Response;
  try {
    response = await fetch(endpoint + path, init);
  } catch {
    throw new UsageError(`Nothing answers at ${endpoint}: run npm start, or give --endpoint`);
  }
  if (response.ok) return response;
  const refusal = readRefusal(await response.text());
  if (refusal) throw new UsageError(`${refusal.Code}: ${refusal.Message}`);
  throw new UsageError(
    `${endpoint} answers ${response.status}, and not as the functions do: give their port as --endpoint`,
  );
}

function guardEndpoint({ endpoint }: Connection): URL {
  if (URL.canParse(endpoint) && /^https?:\/\//i.test(endpoint)) return new URL(endpoint);
  throw new UsageError(`--endpoint is "${endpoint}"; give http://<host>:<port>`);
}

function readRefusal(text: string): { Code: string; Message: string } | undefined {
  try {
    const told: { Code?: unknown; Message?: unknown } = JSON.parse(text);
    const { Code, Message } = told;
    return typeof Code === 'string' && typeof Message === 'string' ? { Code, Message } : undefined;
  } catch {
    return undefined;
  }
}
