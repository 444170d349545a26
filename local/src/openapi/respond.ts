import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { OpenApiError } from './errors.ts';
import type { Answer } from './operations/operation.ts';
import type { Format } from './request.ts';
import { writeXml } from './write-xml.ts';

export interface Reply {
  status: number;
  /** Name of the XML document's root. */
  root: string;
  body: Answer;
}

/** Returns an upper-case UUID. */
export function newRequestId(): string {
  return randomUUID().toUpperCase();
}

export function errorReply(error: OpenApiError, requestId: string, hostId: string): Reply {
  return {
    status: error.status,
    root: 'Error',
    body: {
      RequestId: requestId,
      HostId: hostId,
      Code: error.code,
      Message: error.message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(error.code)}`,
    },
  };
}

export function sendReply(
  response: ServerResponse,
  { status, root, body }: Reply,
  format: Format,
  requestId: string,
): void {
  const text = format === 'JSON' ? JSON.stringify(body) : writeXml(root, body);
  const type = format === 'JSON' ? 'application/json' : 'text/xml';
  sendText(response, status, type, text, { 'x-acs-request-id': requestId });
}

export function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): void {
  const bytes = Buffer.from(text);
  response
    .writeHead(status, {
      ...headers,
      'Content-Type': `${type};charset=utf-8`,
      'Content-Length': bytes.length,
      'Cache-Control': 'no-store',
    })
    .end(bytes);
}
