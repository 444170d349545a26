import type { IncomingMessage } from 'node:http';

/** A request's body was larger than the service takes; the edge answers with its own error. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  constructor(readonly limit: number) {
    super(`Body is larger than ${limit} bytes`);
  }
}

/** Reads a whole body into memory. Throws BodyTooLarge as soon as `limit` bytes are passed, the rest being drained unread. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > limit) throw new BodyTooLarge(limit);
  return Buffer.concat(chunks, size);
}
