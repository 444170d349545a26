import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { DataNotWritten } from '../data/not-written.ts';
import type { XmlFields } from '../xml/write.ts';
import { SmqError } from './errors.ts';
import { writeXml } from './write-xml.ts';

/** The name of the root element, and its content. */
export type XmlDocument = readonly [root: string, content: XmlFields];

/** An operation's answer. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: XmlDocument;
}

export const API_VERSION = '2015-06-06';

const SERVER_ID = randomBytes(8).toString('hex').toUpperCase();
let requests = 0;

/** Returns 24 upper-case hexadecimal digits: 16 of this server, 8 counted. */
export function newRequestId(): string {
  requests = (requests + 1) % 2 ** 32;
  return SERVER_ID + requests.toString(16).toUpperCase().padStart(8, '0');
}

/** Returns the answer for an error, with the four elements that official SDKs need. */
export function errorReply(error: SmqError, requestId: string, hostId: string): Reply {
  return {
    status: error.status,
    body: [
      'Error',
      { Code: error.code, Message: error.message, RequestId: requestId, HostId: hostId },
    ],
  };
}

/**
 * Converts a caught value to the client's error: its own code, or InternalError for anything that
 * is no SmqError, which is a defect here and printed. A data folder that cannot be written to has
 * already been reported.
 */
export function toSmqError(error: unknown): SmqError {
  if (error instanceof SmqError) return error;
  if (error instanceof DataNotWritten)
    return new SmqError('InternalError', error.toClient, { cause: error });
  console.error('SMQ met an internal error:', error);
  return new SmqError('InternalError', undefined, { cause: error });
}

export function sendReply(
  response: ServerResponse,
  { status, headers, body }: Reply,
  requestId: string,
  clock: Clock,
): void {
  const lines = [
    'Server',
    'AliyunMQS',
    'Date',
    dateText(clock.now()),
    'x-mns-version',
    API_VERSION,
    'x-mns-request-id',
    requestId,
  ];
  for (const name in headers) lines.push(name, headers[name] ?? '');
  if (!body) {
    response.writeHead(status, lines).end();
    return;
  }
  const text = writeXml(...body);
  const length = Buffer.byteLength(text);
  lines.push('Content-Type', 'text/xml;charset=utf-8');
  lines.push('Content-Length', String(length));
  response.writeHead(status, lines);
  // As text, and corked: Node sends it with the headers in one piece, while `end` makes two.
  const { socket } = response;
  socket?.cork();
  response.write(text, length === text.length ? 'latin1' : 'utf8');
  socket?.uncork();
  response.end();
}

let second = 0;
let secondText = new Date(0).toUTCString();

/** Returns the Date header, computed once a second. */
function dateText(now: number): string {
  const present = Math.floor(now / 1000);
  if (present !== second) {
    second = present;
    secondText = new Date(now).toUTCString();
  }
  return secondText;
}
