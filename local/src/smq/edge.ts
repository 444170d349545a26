import { createHash } from 'node:crypto';
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import type { Clock } from '../clock.ts';
import { BodyTooLarge, readBody } from '../http/body.ts';
import type { AccessKey, Authority, Decision } from '../identities/types.ts';
import { noteOf, notingAuthority } from '../requests/observe.ts';
import { authenticate } from './authenticate.ts';
import type { SmqService } from './core/service.ts';
import { invalidQuery, outOfRange, SmqError } from './errors.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import type { Operation } from './operations/operation.ts';
import { findChoice } from './operations/table.ts';
import { CERTIFICATE_PATH, pushSigningKey } from './push/certificate.ts';
import { Query } from './query.ts';
import { readXml } from './read-xml.ts';
import {
  API_VERSION,
  errorReply,
  newRequestId,
  type Reply,
  sendReply,
  toSmqError,
} from './respond.ts';
import { parsePath, type Resource, resourcePath } from './route.ts';
import type { SignedRequest } from './signature.ts';
import { touchedMessages } from './touched-messages.ts';

export interface EdgeOptions {
  clock: Clock;
  authority: Authority;
  region: string;
  service: SmqService;
}

/** Answers each request with an XML document or nothing; every failure is an `<Error>`. */
export function edge(options: EdgeOptions): RequestListener {
  return (request, response) => {
    if (request.url === CERTIFICATE_PATH && request.method === 'GET')
      void sendCertificate(response);
    else void answer(request, response, options);
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: EdgeOptions,
): Promise<void> {
  const requestId = newRequestId();
  const base = baseOf(request);
  const note = noteOf(request);
  if (note) note.requestId = requestId;
  let reply: Reply;
  try {
    reply = await handle(request, response, base, options);
  } catch (error) {
    const refused = await refusal(error, options.service);
    if (note) note.code = refused.code;
    reply = errorReply(refused, requestId, base);
  }
  try {
    sendReply(response, reply, requestId, options.clock);
  } catch {
    response.destroy();
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  base: string,
  options: EdgeOptions,
): Promise<Reply> {
  const { clock, region, service } = options;
  const note = noteOf(request);
  const authority = notingAuthority(options.authority, note);

  // Route
  const { method = '', url: target = '' } = request;
  const mark = target.indexOf('?');
  const resource = parsePath(mark < 0 ? target : target.slice(0, mark));
  const choose = findChoice(resource.kind, method);

  // Parse
  const query = new Query(mark < 0 ? '' : target.slice(mark + 1));
  const headers = flatHeaders(request);
  let bytes: Buffer;
  try {
    bytes = await readBody(request, MAX_BODY_BYTES);
  } catch (cause) {
    throw bodyError(cause);
  }
  checkMd5(headers['content-md5'], bytes);
  const body = bytes.length > 0 ? readXml(bytes) : undefined;
  const operation = choose(query, body?.name);
  checkQuery(operation, query);
  if (note) note.operation = `mns:${operation.batchAction ?? operation.action}`;

  // Authenticate and authorise
  const key = authenticate({ method, target, headers }, { clock, authority });
  checkVersion(headers['x-mns-version']);
  authorise(key, operation, resource, request, { authority, region });

  // Dispatch
  const { name, subscription } = resource;
  const running = operation.run({
    service,
    base,
    name,
    subscription,
    query,
    headers,
    body,
    whenGone() {
      return goneSignal(response);
    },
  });
  const reply = running instanceof Promise ? await running : running;
  if (note) note.messages = touchedMessages(query, body, reply);
  // A write has waited for its own commit. A read, or a request that was not done as a whole, may
  // show what another request has changed in memory: it waits for that one's commit.
  if (!(running instanceof Promise) || reply.status >= 400) await service.pending();
  return reply;
}

/**
 * Returns the error for the client. That something does not exist, or already exists, may be true
 * only in memory: it waits for the other request's commit, and becomes that one's error when it
 * fails.
 */
async function refusal(cause: unknown, service: SmqService): Promise<SmqError> {
  const error = toSmqError(cause);
  if (error.status !== 404 && error.status !== 409) return error;
  try {
    await service.pending();
    return error;
  } catch (failed) {
    return toSmqError(failed);
  }
}

function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort('the client has gone'));
  if (response.destroyed) gone.abort('the client has gone');
  return gone.signal;
}

/**
 * Answers the certificate to endpoints that check the signature of a push; they have no key to sign
 * with.
 */
async function sendCertificate(response: ServerResponse): Promise<void> {
  const { certificate } = await pushSigningKey();
  response.writeHead(200, { 'Content-Type': 'application/x-pem-file' }).end(certificate);
}

function bodyError(cause: unknown): SmqError {
  if (cause instanceof BodyTooLarge)
    return outOfRange('Content-Length', { min: 0, max: MAX_BODY_BYTES, unit: 'bytes' });
  return new SmqError('MalformedXML', 'The request ended before its body did.', { cause });
}

/**
 * Checks Content-MD5. SMQ's own form is base64 of the hexadecimal digest; the standard form, base64
 * of its bytes, is accepted as well.
 */
function checkMd5(header: string | undefined, bytes: Buffer): void {
  if (header === undefined || header === '') return;
  const given = Buffer.from(header, 'base64');
  const digest = createHash('md5').update(bytes).digest();
  if (given.equals(digest) || given.toString('latin1').toLowerCase() === digest.toString('hex'))
    return;
  throw new SmqError('InvalidDegist');
}

/**
 * Throws unless the request names the API's version, which is required (page of common parameters).
 */
function checkVersion(version: string | undefined): void {
  if (version === undefined || version === '') throw new SmqError('MissingVersionHeader');
  if (version !== API_VERSION) throw new SmqError('InvalidVersionHeader');
}

function checkQuery(operation: Operation, query: Query): void {
  for (const name of query.names) if (!operation.query.includes(name)) throw invalidQuery(name);
}

function authorise(
  key: AccessKey,
  operation: Operation,
  resource: Resource,
  request: IncomingMessage,
  { authority, region }: Pick<EdgeOptions, 'authority' | 'region'>,
): void {
  const { remoteAddress: sourceIp } = request.socket;
  const { action, batchAction } = operation;
  const name = `acs:mns:${region}:${authority.accountId}:${resourcePath(resource)}`;
  for (const one of batchAction ? [batchAction, action] : [action])
    allow(
      authority.authorize(key, {
        action: `mns:${one}`,
        resource: name,
        sourceIp,
        secureTransport: false,
      }),
    );
}

function allow(decision: Decision): void {
  if (decision.allowed) return;
  const { message } = new SmqError('AccessDenied');
  throw new SmqError('AccessDenied', `${message} ${decision.reason}`);
}

function flatHeaders({ headers }: IncomingMessage): SignedRequest['headers'] {
  if (isFlat(headers)) return headers;
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

/** Narrows the type: Node has joined repeated headers, except Set-Cookie. */
function isFlat(headers: IncomingHttpHeaders): headers is Record<string, string | undefined> {
  return headers['set-cookie'] === undefined;
}

function baseOf({ headers, socket }: IncomingMessage): string {
  return `http://${headers.host ?? `${socket.localAddress}:${socket.localPort}`}`;
}
