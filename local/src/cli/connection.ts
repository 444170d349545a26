import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { ReadableStream } from 'node:stream/web';
import type { Command } from 'commander';
import type { LogLine } from '../fc/runtime.ts';
import { urlOf } from '../http/listen.ts';
import { ACS3_ALGORITHM, sha256, signAcs3 } from '../openapi/signature/acs3.ts';
import { DEFAULTS } from '../options.ts';
import { readAddresses } from '../start/addresses-file.ts';
import { CommandError, UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** How this machine's tools reach a running cloud. */
export interface Connection {
  /** Address of the functions: `http://<host>:<port>`. */
  endpoint: string;
  accessKeyId: string;
  accessKeySecret: string;
}

/** Adds the options that name a running cloud; the defaults are those of its start. */
export function addConnectionOptions(command: Command, { cwd, env }: Io): Command {
  const { host, fcPort, accessKeyId, accessKeySecret, data } = DEFAULTS;
  const usual = urlOf(host, fcPort);
  command.hook('preAction', () => {
    if (command.getOptionValue('endpoint') !== undefined) return;
    const running = readAddresses(resolve(cwd, command.getOptionValue('data')));
    const chosen = command.getOptionValueSource('data') === 'cli';
    const set = chosen ? undefined : env.FUNCTION_ENDPOINT;
    const found = set || running.FUNCTION_ENDPOINT || usual;
    command.setOptionValue('endpoint', readEndpoint(found));
  });
  return command
    .option(
      '--endpoint <url>',
      `where the functions are (default: of the data folder that is given, else FUNCTION_ENDPOINT, else the cloud on .local, else ${usual})`,
      readEndpoint,
    )
    .option('--data <dir>', 'the data folder of the cloud', data)
    .option('--access-key-id <id>', 'the key of the cloud', accessKeyId)
    .option('--access-key-secret <secret>', 'the secret of that key', accessKeySecret);
}

export interface InvokeAnswer {
  status: number;
  requestId: string;
  /** `HandledInvocationError` and so on; absent after a success. */
  errorType?: string;
  body: Buffer;
}

/**
 * Invokes a function of the running local cloud by the 3.0 API. Throws CommandError for a refusal.
 */
export async function invoke(
  connection: Connection,
  name: string,
  event: Buffer,
  { async = false }: { async?: boolean } = {},
): Promise<InvokeAnswer> {
  const path = `/2023-03-30/functions/${encodeURIComponent(name)}/invocations`;
  const headers: Record<string, string> = {
    host: new URL(connection.endpoint).host,
    'x-acs-content-sha256': sha256(event),
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
  };
  const names = Object.keys(headers).sort();
  const request = { method: 'POST', path, query: [], headers };
  const signature = signAcs3(connection.accessKeySecret, request, names);
  const credential = `Credential=${connection.accessKeyId}`;
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

/** Returns the last lines of a function of the running local cloud. */
export async function readLogs(connection: Connection, name: string): Promise<LogLine[]> {
  const response = await call(connection, `/_local/logs/${encodeURIComponent(name)}`);
  return JSON.parse(await response.text());
}

/**
 * Streams a function's activity in the running local cloud, one JSON object per line: its new
 * invocations, or its log lines, stored and new.
 */
export async function observe(
  connection: Connection,
  what: 'invocations' | 'lines',
  name: string,
): Promise<ReadableStream> {
  const { body } = await call(connection, `/_local/${what}/${encodeURIComponent(name)}`);
  if (body) return body as ReadableStream;
  throw new CommandError(`${connection.endpoint} gives nothing to follow`);
}

/** Sends a request to the running local cloud. Throws CommandError when nothing answers there or the answer is a refusal. */
async function call(
  { endpoint }: Connection,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(endpoint + path, init);
  } catch {
    throw new CommandError(
      `Nothing answers at ${endpoint}: start the cloud with fc-local, or give --endpoint`,
    );
  }
  if (response.ok) return response;
  const refusal = readRefusal(await response.text());
  if (refusal) throw new CommandError(`${refusal.Code}: ${refusal.Message}`);
  throw new CommandError(
    `${endpoint} answers ${response.status}, and not as the functions do: give their port as --endpoint`,
  );
}

function readEndpoint(value: string): string {
  if (URL.canParse(value) && /^https?:\/\//i.test(value)) return value.replace(/\/+$/, '');
  throw new UsageError(`--endpoint is "${value}"; give http://<host>:<port>`);
}

function readRefusal(text: string): { Code: string; Message: string } | undefined {
  try {
    const { Code, Message }: { Code?: unknown; Message?: unknown } = JSON.parse(text);
    return typeof Code === 'string' && typeof Message === 'string' ? { Code, Message } : undefined;
  } catch {
    return undefined;
  }
}
