import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { isFromLocalProgram } from '../http/loopback.ts';
import type { Identities } from '../identities/identities.ts';
import type { Authority } from '../identities/types.ts';
import { noteOf, notingAuthority } from '../requests/observe.ts';
import { authenticate } from './authenticate.ts';
import { because, OpenApiError, toOpenApiError } from './errors.ts';
import { answerLocal, type DescribeAccount, LOCAL_PATH } from './local.ts';
import type { Metadata } from './metadata.ts';
import { Nonces } from './nonces.ts';
import type {
  Answer,
  Call,
  MpaasOptions,
  SignedCall,
  SignedOperation,
} from './operations/operation.ts';
import { findOperation } from './operations/table.ts';
import { type Format, formatOf, readRequest } from './request.ts';
import { errorReply, newRequestId, type Reply, sendReply, sendText } from './respond.ts';

export interface EdgeOptions {
  clock: Clock;
  identities: Identities;
  region: string;
  mpaas: MpaasOptions;
  metadata: Metadata;
  describeAccount?: DescribeAccount | undefined;
}

/** One request and answer: what the answer needs whether it succeeds or not. */
interface Exchange {
  requestId: string;
  /** Known once the request is read; earlier errors follow the Accept header. */
  format: Format;
}

/**
 * Answers each request in its requested format; every failure is an error with Code and RequestId.
 */
export function edge(options: EdgeOptions): RequestListener {
  const nonces = new Nonces(options.clock);
  return (message, response) => {
    const exchange: Exchange = {
      requestId: newRequestId(),
      format: message.headers.accept?.includes('json') ? 'JSON' : 'XML',
    };
    const note = noteOf(message);
    if (note) note.requestId = exchange.requestId;
    handle(message, response, exchange, { ...options, nonces })
      .catch((thrown: unknown) => {
        const error = toOpenApiError(thrown);
        if (note) note.code = error.code;
        return errorReply(error, exchange.requestId, message.headers.host ?? '');
      })
      .then((reply) => reply && sendReply(response, reply, exchange.format, exchange.requestId))
      .catch(() => response.destroy());
  };
}

/** A page in a browser could read the credential under a name that resolves to this machine. */
const ONLY_LOCAL =
  'Credentials are for programs of this machine that name it by a loopback address';

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  {
    clock,
    identities,
    region,
    mpaas,
    metadata,
    describeAccount,
    nonces,
  }: EdgeOptions & { nonces: Nonces },
): Promise<Reply | undefined> {
  // Route
  const { method = '', url = '', headers } = message;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (metadata.has(path) && !isFromLocalProgram(message))
    return void sendText(response, 403, 'text/plain', ONLY_LOCAL);
  const reply = metadata.answer({ method, path, headers });
  if (reply) return void sendText(response, reply.status, reply.type, reply.text);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  if (path === LOCAL_PATH && describeAccount) {
    const { status, text } = answerLocal(message, query, describeAccount);
    return void sendText(response, status, 'application/json', text);
  }
  if (path !== '/') throw new OpenApiError('InvalidAction.NotFound');

  // Parse
  const request = await readRequest(message, path, query);
  exchange.format = formatOf(request);
  const { action, operation, product } = findOperation(request);
  const note = noteOf(message);
  if (note) note.operation = `${product}:${action}`;
  const call: Call = {
    requestId: exchange.requestId,
    parameters: request.parameters,
    identities,
    region,
    mpaas,
    origin: originOf(message),
    ...(note && {
      onDecision: ({ action, resource }, decision) =>
        note.addAccess({ action, resource, decision }),
    }),
  };
  if (!operation.signed) return success(action, operation.run(call));

  // Authenticate and authorise
  const authority = notingAuthority(identities, note);
  const key = authenticate(request, { clock, authority, nonces });
  const signedCall = { ...call, key };
  authorise(signedCall, operation, authority);

  // Dispatch
  const answer = operation.run(signedCall);
  if (note) note.issuedKeyId = issuedKeyId(answer);
  return success(action, answer);
}

/** Returns the id of an answer's credential. */
function issuedKeyId({ Credentials: issued }: Answer): string | undefined {
  const isAnswer = typeof issued === 'object' && issued !== null && 'AccessKeyId' in issued;
  return isAnswer ? String(issued.AccessKeyId) : undefined;
}

function success(action: string, body: Answer): Reply {
  return { status: 200, root: `${action}Response`, body };
}

function authorise(call: SignedCall, { permission }: SignedOperation, authority: Authority): void {
  if (!permission) return;
  const decision = authority.authorize(call.key, { ...permission(call), ...call.origin });
  if (!decision.allowed) throw because('NoPermission', decision.reason);
}

function originOf({ socket }: IncomingMessage): Call['origin'] {
  const { remoteAddress } = socket;
  return {
    ...(remoteAddress !== undefined && { sourceIp: remoteAddress }),
    secureTransport: false,
  };
}
