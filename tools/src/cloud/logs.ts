import { createHmac } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Credentials } from 'fc-kit/credentials';
import { CommandError } from '../command-line/command-error.ts';
import type { Account } from './account.ts';
import { logEndpoint } from './endpoints.ts';

const TIMEOUT_MS = 30_000;
/** Maximum lines of one GetLogs: SLS's limit. */
export const MAX_LINES = 100;

export interface LogQuery {
  project: string;
  logstore: string;
  /** A query in the query language of SLS. */
  query: string;
  /** Seconds since the epoch. */
  from: number;
  to: number;
}

export type LogEntry = Record<string, string>;

interface Sent {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/**
 * Returns at most 100 log lines, the oldest first: Simple Log Service GetLogs (API version 0.6.0). Signed
 * with HMAC-SHA1 by the page "Request signatures": SLS accepts no ACS3 signature at its own addresses.
 * Throws CommandError when SLS refuses or does not answer.
 */
export async function getLogs(
  { project, logstore, query, from, to }: LogQuery,
  account: Account,
  now = new Date(),
): Promise<LogEntry[]> {
  const endpoint = new URL(logEndpoint(account));
  const path = `/logstores/${logstore}`;
  const parameters = { from, line: MAX_LINES, query, reverse: 'false', to, type: 'log' };
  const pairs = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
  const headers = signed(path, pairs, await account.credentials.getCredentials(), now);
  const search = new URLSearchParams(Object.fromEntries(pairs));
  const url = new URL(`${path}?${search}`, endpoint);
  const host = `${project}.${endpoint.host}`;
  const answer = await get(url, host, headers);
  const body = parsed(answer.body);
  if (answer.status === 200 && Array.isArray(body)) return body as LogEntry[];
  const { errorCode = 'UnexpectedAnswer', errorMessage = '' } = Object(body);
  throw new CommandError(
    `SLS answers ${answer.status} ${errorCode} (${String(errorMessage).slice(0, 200)}), request ${answer.headers['x-log-requestid'] ?? 'unknown'}: ${remedyFor(String(errorCode))}`,
  );
}

function signed(
  path: string,
  pairs: readonly (readonly [string, string])[],
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  now: Date,
): Record<string, string> {
  const date = now.toUTCString();
  const own: Record<string, string> = {
    'x-log-apiversion': '0.6.0',
    'x-log-bodyrawsize': '0',
    'x-log-signaturemethod': 'hmac-sha1',
    ...(securityToken && { 'x-acs-security-token': securityToken }),
  };
  const lines = Object.keys(own)
    .sort()
    .map((name) => `${name}:${own[name]}`);
  const resource = `${path}?${[...pairs]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')}`;
  const text = ['GET', '', '', date, ...lines, resource].join('\n');
  const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64');
  return { ...own, date, authorization: `LOG ${accessKeyId}:${signature}` };
}

function get(url: URL, host: string, headers: Record<string, string>): Promise<Sent> {
  const isLoopback = /^(127\.|localhost$|\[::1\]$)/.test(url.hostname);
  // The project is part of the host name; a server on this machine reads it in the header.
  if (!isLoopback) url.host = host;
  const { request: open } = url.protocol === 'https:' ? https : http;
  return new Promise<Sent>((resolve, reject) => {
    const request = open(url, {
      headers: { ...headers, host },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.end();
  }).catch((cause: Error) => {
    throw new CommandError(
      `SLS at ${url.host} does not answer (${cause.message}): check the region and the network`,
      { cause },
    );
  });
}

function remedyFor(code: string): string {
  if (/Unauthorized|SignatureNotMatch|Parameter.*AccessKey/i.test(code))
    return 'grant log:GetLogStoreLogs on the project to the caller';
  if (/ProjectNotExist|LogStoreNotExist/.test(code))
    return 'the first deployment makes it; it may take minutes until it is there';
  if (/IndexConfigNotExist/.test(code)) return 'give the logstore an index in the SLS console';
  return 'see the code in the documentation of SLS';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
