import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, stopwatch } from '../clock.ts';
import { DataNotWritten } from '../data/not-written.ts';
import type { AccessKey, Authority } from '../identities/types.ts';
import { noteOf, notingAuthority } from '../requests/observe.ts';
import { type Authenticate, authenticator } from './authenticate.ts';
import { authorize, type Permission } from './authorize.ts';
import { callbackPublicKey, PUBLIC_KEY_PATH } from './callback/signing-key.ts';
import { keepingKeys } from './check-signature.ts';
import { checkBucketName, checkObjectKey } from './core/names.ts';
import { corsHeaders } from './cors.ts';
import { OssError } from './errors.ts';
import type { Answer } from './operation.ts';
import { Pace, readTrafficLimit } from './pace.ts';
import { authenticateForm, type FormFields } from './post/authenticate-form.ts';
import { type OssRequest, readRequest } from './request.ts';
import { route } from './route.ts';
import type { OssService } from './service.ts';
import { checkTaken } from './taken/check-taken.ts';
import { namesVersion, withVersion } from './versions.ts';
import { writeXml } from './write-xml.ts';

export interface EdgeOptions {
  clock: Clock;
  authority: Authority;
  region: string;
  service: OssService;
}

export interface Edge {
  handle(incoming: IncomingMessage, outgoing: ServerResponse): void;
  /** Resolves when no request is in progress. */
  settled(): Promise<void>;
}

/** Operations for which the bucket need not exist. */
const MAKES_BUCKET = new Set(['PUT bucket', 'PUT bucket acl']);

/** Turns HTTP requests into operations, and their results into answers. */
export function edge({ clock, region, service, ...options }: EdgeOptions): Edge {
  const signingKey = keepingKeys();
  const busy = new Set<Promise<void>>();

  async function answer(
    incoming: IncomingMessage,
    requestId: string,
    common: Record<string, string>,
  ): Promise<Answer> {
    // The public key for callbacks belongs to no bucket.
    if (incoming.url === PUBLIC_KEY_PATH && incoming.method === 'GET')
      return { status: 200, body: callbackPublicKey() };

    const authority = notingAuthority(options.authority, noteOf(incoming));
    const signatures = { authority, clock, region, signingKey };

    // Route
    const request = readRequest(incoming, region);
    if (request.bucket !== undefined) checkBucketName(request.bucket);
    Object.assign(common, crossOriginHeaders(request, service));
    const chosen = route(request);
    const { operation } = chosen;

    // Parse
    if (request.key !== undefined) checkObjectKey(request.key);

    // Authenticate and authorise
    const key = operation.ignoresSignature
      ? undefined
      : signerOf(request, chosen.name, authenticator(signatures));
    checkTaken(chosen, request);
    const { sourceIp } = request;
    const allowTo = (key: AccessKey | undefined) => (permissions: readonly Permission[]) =>
      authorize(permissions, { key, sourceIp }, authority, service);
    const allow = allowTo(key);
    allow(withVersion(operation.permissions(request), namesVersion(request)));
    const asSignerOf = (fields: FormFields) => {
      const { key, policy } = authenticateForm(signatures, fields) ?? {};
      return { key, policy, authorize: allowTo(key) };
    };

    // Dispatch
    const caller = { requestId, requester: key?.principal, sourceIp };
    const limit = readTrafficLimit(request);
    const pace = new Pace({ clock, closing: service.closing, limit });
    const call = { service, request, caller, pace, authorize: allow, asSignerOf };
    const answered = await operation.run(call);
    if (!(answered.body instanceof Readable)) return answered;
    return { ...answered, body: pace.stream(answered.body) };
  }

  /**
   * Returns who signed. Where the bucket does not exist, an unknown key is not the error reported.
   */
  function signerOf(
    request: OssRequest,
    operation: string,
    authenticate: Authenticate,
  ): AccessKey | undefined {
    try {
      return authenticate(request);
    } catch (error) {
      const unknown = error instanceof OssError && error.code === 'InvalidAccessKeyId';
      if (unknown && request.bucket !== undefined && !MAKES_BUCKET.has(operation))
        service.buckets.require(request.bucket);
      throw error;
    }
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const requestId = newRequestId(clock);
    const elapsed = stopwatch();
    const common: Record<string, string> = {
      Server: 'AliyunOSS',
      Date: new Date(clock.now()).toUTCString(),
      'x-oss-request-id': requestId,
    };
    const note = noteOf(incoming);
    if (note) note.requestId = requestId;
    const { status, headers, body }: Answer = await answer(incoming, requestId, common).catch(
      (thrown: unknown) => {
        const error = toOssError(thrown);
        if (note && error.status !== 304) note.code = error.code;
        return errorAnswer(error, requestId, incoming);
      },
    );
    const gone = incoming.destroyed && !incoming.complete;
    if ((gone || incoming.method === 'HEAD') && body instanceof Readable) body.destroy();
    if (gone) return;
    incoming.resume();
    if (awaitsBody(incoming)) await turn(); // bytes that came with the head have been read by then
    outgoing.writeHead(status, {
      ...common,
      ...(awaitsBody(incoming) && { Connection: 'close' }),
      'x-oss-server-time': String(Math.round(elapsed())),
      ...lengthOf(body, incoming),
      ...headers,
    });
    if (incoming.method !== 'HEAD' && body instanceof Readable) await pipeline(body, outgoing);
    else if (incoming.method === 'HEAD' || body instanceof Readable) outgoing.end();
    else outgoing.end(body);
  }

  return {
    handle(incoming, outgoing) {
      const work: Promise<void> = serve(incoming, outgoing)
        .catch(() => void outgoing.destroy()) // in the middle of an answer there is no other way to report it
        .finally(() => busy.delete(work));
      busy.add(work);
    },
    async settled() {
      await Promise.all(busy);
    },
  };
}

/**
 * Returns whether a request that needs no body announces one that has not arrived: the next request
 * on the connection would be taken for it.
 */
function awaitsBody({ method = '', complete, headers }: IncomingMessage): boolean {
  const announced = Number(headers['content-length'] ?? 0) > 0;
  return announced && !complete && ['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);
}

/**
 * Returns the headers that let a browser's page read the answer, errors included, if the bucket's
 * rules allow its origin.
 */
function crossOriginHeaders(
  { bucket, method, headers }: OssRequest,
  service: OssService,
): Record<string, string> | undefined {
  const origin = headers.get('origin');
  if (origin === undefined || bucket === undefined || method === 'OPTIONS') return undefined;
  const cors = service.buckets.find(bucket)?.cors;
  return cors && corsHeaders(cors, { origin, method, headers: [] });
}

function lengthOf(
  body: Answer['body'],
  { method }: IncomingMessage,
): { 'Content-Length'?: string } {
  if (body instanceof Readable || method === 'HEAD') return {};
  return { 'Content-Length': String(body === undefined ? 0 : Buffer.byteLength(body)) };
}

/** Returns 24 hex digits; the first eight are the time in seconds. */
function newRequestId(clock: Clock): string {
  const seconds = Math.floor(clock.now() / 1000);
  const random = randomUUID().replaceAll('-', '').slice(-16);
  return (seconds.toString(16).padStart(8, '0') + random).toUpperCase();
}

function toOssError(error: unknown): OssError {
  if (error instanceof OssError) return error;
  if (error instanceof DataNotWritten)
    return new OssError('InternalError', { message: error.toClient, cause: error });
  const gone = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  if (!gone) process.emitWarning(error instanceof Error ? error : String(error));
  return new OssError('InternalError', { cause: error });
}

function errorAnswer(error: OssError, requestId: string, incoming: IncomingMessage): Answer {
  const { code, status, message, ec, details, headers } = error;
  const common = { ...headers, ...(ec === undefined ? {} : { 'x-oss-ec': ec }) };
  if (status === 304) return { status, headers: common };
  const body = writeXml('Error', {
    Code: code,
    Message: message,
    RequestId: requestId,
    HostId: incoming.headers.host ?? '',
    ...details,
    EC: ec,
  });
  if (incoming.method !== 'HEAD')
    return { status, headers: { 'Content-Type': 'application/xml', ...common }, body };
  return { status, headers: { ...common, 'x-oss-err': Buffer.from(body).toString('base64') } };
}
