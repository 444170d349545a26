import * as http from 'node:http';
import * as https from 'node:https';
import { finished, pipeline, type Readable, type Writable } from 'node:stream';
import { promisify } from 'node:util';
import { systemClock } from '../../clock/clock.ts';
import { toError } from '../../errors/errors.ts';
import { errorCode } from '../../net/watched-request.ts';
import { connections } from './sdk.ts';

/** What ali-oss asks its HTTP client to send. */
export interface OssSending {
  method: string;
  headers: Record<string, string | number>;
  /** The whole body; `stream` is sent as it comes. */
  content?: Buffer | string | undefined;
  stream?: Readable | undefined;
  /** Limit in milliseconds for connecting, and as much again for all that follows. */
  timeout: number;
  /** Receives the answer's body in place of memory. */
  writeStream?: Writable | null | undefined;
  /** Whether the answer is wanted with its body unread. */
  customResponse?: boolean | undefined;
}

/** What ali-oss, and its types, know of an answer. */
export interface OssAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Null where the body was not read into memory. */
  data: Buffer | null;
  res: http.IncomingMessage | AnswerFacts;
}

interface AnswerFacts {
  status: number;
  statusCode: number;
  headers: http.IncomingHttpHeaders;
  data: Buffer | null;
  /** Bytes of the body as they came. */
  size: number;
  /** Milliseconds from the request to the answer's end. */
  rt: number;
}

/** An exchange that failed, with the properties by which ali-oss tells failures apart. */
class FailedExchange extends Error {
  override readonly name: string;
  /** That of the answer if one had begun; -1 without one, -2 without a connection. */
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** What had come of the body. */
  readonly data: Buffer | null;

  constructor(name: string, message: string, had: Pick<OssAnswer, 'status' | 'headers' | 'data'>) {
    super(message);
    this.name = name;
    this.status = had.status;
    this.headers = had.headers;
    this.data = had.data;
  }
}

const NO_ANSWER = { status: -1, headers: {}, data: null };

/**
 * The HTTP client that ali-oss is given (its option `urllib`) in place of its own: it does what ali-oss uses
 * of that one with a tenth of the code, over `connections`. A body packed by gzip or deflate is unpacked;
 * redirects are not followed.
 */
export const transport = {
  async request(url: string, sending: OssSending): Promise<OssAnswer> {
    const began = systemClock.now();
    const { response, body, size } = await exchange(new URL(url), sending);
    const { statusCode: status = 0, headers } = response;
    if (sending.customResponse) return { status, headers, data: null, res: response };
    const data = body && (await unpacked(body, { status, headers }));
    const rt = systemClock.now() - began;
    return { status, headers, data, res: { status, statusCode: status, headers, data, size, rt } };
  },
};

interface Exchanged {
  response: http.IncomingMessage;
  /** Null where it was not read into memory. */
  body: Buffer | null;
  size: number;
}

function exchange(url: URL, sending: OssSending): Promise<Exchanged> {
  const { timeout, content, stream, writeStream, customResponse } = sending;
  return new Promise((resolve, reject) => {
    const outgoing = open(url, sending);
    const pieces: Buffer[] = [];
    let size = 0;
    let response: http.IncomingMessage | undefined;
    let timer = systemClock.after(timeout, () => late('ConnectionTimeoutError', 'Connect', -2));

    const had = () => ({
      status: response?.statusCode ?? -1,
      headers: response?.headers ?? {},
      data: response ? Buffer.concat(pieces) : null,
    });
    const fail = (error: FailedExchange) => {
      timer.cancel();
      reject(error);
      outgoing.destroy();
    };
    const late = (name: string, what: string, status = had().status) =>
      fail(new FailedExchange(name, `${what} timeout for ${timeout}ms`, { ...had(), status }));
    const broken = (error: Error) =>
      fail(new FailedExchange('RequestError', messageOf(error), had()));
    const succeed = (answer: http.IncomingMessage, body: Buffer | null) => {
      timer.cancel();
      resolve({ response: answer, body, size });
    };
    const connected = () => {
      timer.cancel();
      timer = systemClock.after(timeout, () => late('ResponseTimeoutError', 'Response'));
    };

    outgoing.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    // After an answer has begun its own end, or breaking off, counts.
    outgoing.on('error', (error) => response ?? broken(error));
    outgoing.once('response', (answer) => {
      response = answer;
      // It may come before the whole request was sent: the rest would wait for a reader, and hold its source.
      answer.once('end', () => outgoing.writableFinished || outgoing.destroy());
      if (customResponse) return succeed(answer, null);
      answer.on('data', (piece: Buffer) => {
        size += piece.length;
        if (!writeStream) pieces.push(piece);
      });
      if (writeStream)
        return pipeline(answer, writeStream, (error) =>
          error ? broken(error) : succeed(answer, null),
        );
      answer.on('error', broken);
      answer.once('end', () => succeed(answer, Buffer.concat(pieces)));
    });
    // A file, for instance, may not open; its error has no other listener as long as there is no answer.
    if (writeStream) finished(writeStream, (error) => error && !response && broken(error));
    if (stream) pipeline(stream, outgoing, (error) => error && !response && broken(error));
    else outgoing.end(content);
  });
}

function open(url: URL, { method, headers, content }: OssSending): http.ClientRequest {
  const { request: send } = url.protocol === 'https:' ? https : http;
  const sent: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
  // ali-oss counts a text's characters.
  if (content) sent['content-length'] = Buffer.byteLength(content);
  try {
    return send({
      hostname: url.hostname,
      port: url.port,
      // As ali-oss's own client sends a quote, which URL leaves as it is.
      path: `${url.pathname.replaceAll("'", '%27')}${url.search}`,
      method,
      headers: sent,
      agent: connections.agentFor(url.protocol),
    });
  } catch (error) {
    // A header that HTTP cannot carry.
    throw new FailedExchange('RequestError', messageOf(toError(error)), NO_ANSWER);
  }
}

/** Node gives several failed addresses of one host no message together. */
function messageOf(error: Error): string {
  return error.message || errorCode(error) || error.name;
}

const PACKED = /^(?:gzip|deflate)$/i;

async function unpacked(
  body: Buffer,
  { status, headers }: Pick<OssAnswer, 'status' | 'headers'>,
): Promise<Buffer> {
  if (body.length === 0 || !PACKED.test(headers['content-encoding'] ?? '')) return body;
  const { unzip } = await import('node:zlib');
  try {
    return await promisify<Buffer, Buffer>(unzip)(body);
  } catch (error) {
    throw new FailedExchange('UnzipError', String(error), { status, headers, data: body });
  }
}
