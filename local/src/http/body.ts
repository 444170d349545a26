import type { IncomingMessage } from 'node:http';

/** A request's body was larger than the service accepts; the edge answers with its own error. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  constructor(readonly limit: number) {
    super(`Body is larger than ${limit} bytes`);
  }
}

const EMPTY = Buffer.alloc(0);

/**
 * Reads a whole body into memory. Throws BodyTooLarge for one of more than `limit` bytes, after the
 * rest has been read and discarded, and an error when the client goes away first.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (hasNoBody(request)) return Promise.resolve(EMPTY);
  // Listeners cost a third of the stream's async iterator.
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks = [];
    });
    request.on('end', () => {
      ended = true;
      const [only = EMPTY, ...more] = chunks;
      if (size > limit) reject(new BodyTooLarge(limit));
      else resolve(more.length === 0 ? only : Buffer.concat(chunks, size));
    });
    request.on('error', reject);
    // Every request closes; an error created for each would cost more than reading it.
    request.on('close', () => {
      if (!ended) reject(new Error('The request was closed before its body ended'));
    });
  });
}

/** Returns whether a request's head says that no body follows. */
export function hasNoBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
}
