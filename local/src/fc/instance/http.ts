import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './call.ts';
import { HEADER, LOCAL_HEADER } from './headers.ts';

/** How the process is after a call. */
export interface Afterwards {
  /** Peak memory, in MB. */
  maxMemoryMb: number;
  /** Whether it must not be used again. */
  spent: boolean;
  /** Whether it takes the next call at its gate. */
  waits: boolean;
}

/** Listeners take a third of the time of the stream's iterator. */
export function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/** Resolves when the runtime has been given the whole answer. */
export function respond(
  response: ServerResponse,
  { body, errorType }: Answer,
  { maxMemoryMb, spent, waits }: Afterwards,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': body.length,
    [HEADER.maxMemoryUsage]: maxMemoryMb,
    ...(errorType && { [HEADER.errorType]: errorType }),
    ...(spent && { [LOCAL_HEADER.spent]: '1' }),
    ...(waits && { [LOCAL_HEADER.waits]: '1' }),
  });
  return new Promise((resolve) => response.end(body, () => resolve()));
}
