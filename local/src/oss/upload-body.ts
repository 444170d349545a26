import { OssError } from './errors.ts';
import { MAX_UPLOAD_BYTES } from './limits.ts';
import type { OssRequest } from './request.ts';

/**
 * Returns the content of an upload, to be read once. Throws MissingContentLength when neither
 * length nor chunking is given, EntityTooLarge, or InvalidArgument for S3's own chunking.
 */
export function uploadBody(
  { headers, body }: OssRequest,
  limit = MAX_UPLOAD_BYTES,
): AsyncIterable<Uint8Array> {
  const chunked = /\bchunked\b/i.test(headers.get('transfer-encoding') ?? '');
  const length = headers.get('content-length');
  // The end of such a request is not known: the next one on this connection would be taken for its
  // body.
  if (!chunked && length === undefined)
    throw new OssError('MissingContentLength', { headers: { Connection: 'close' } });
  if (!chunked && Number(length) > limit) throw new OssError('EntityTooLarge');
  if (/\baws-chunked\b/i.test(headers.get('content-encoding') ?? ''))
    throw new OssError('InvalidArgument', {
      message: 'aws-chunked encoding is not supported: send the content as it is',
    });
  // A request refused half-way must still be read to its end, or the client sees a reset.
  const content = body.iterator({ destroyOnReturn: false });
  return chunked && length !== undefined ? ofLength(content, length) : content;
}

/**
 * Yields the content. Throws IncompleteBody when it is longer or shorter than the header says: with
 * chunked encoding, HTTP itself ignores the header.
 */
async function* ofLength(
  content: AsyncIterable<Uint8Array>,
  length: string,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > Number(length)) throw new OssError('IncompleteBody');
    yield chunk;
  }
  if (size !== Number(length)) throw new OssError('IncompleteBody');
}

/** Throws IncompleteBody when the body in memory does not have the length in the header. */
export function checkLength({ headers }: Pick<OssRequest, 'headers'>, size: number): void {
  const length = headers.get('content-length');
  if (length !== undefined && Number(length) !== size) throw new OssError('IncompleteBody');
}

/** Reads Content-MD5. Throws InvalidDigest unless it is the base64 of 16 bytes. */
export function readContentMd5({ headers }: Pick<OssRequest, 'headers'>): string | undefined {
  const digest = headers.get('content-md5');
  if (digest !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(digest))
    throw new OssError('InvalidDigest');
  return digest;
}

export function readForbidOverwrite({ headers }: Pick<OssRequest, 'headers'>): boolean {
  return headers.oneOf('x-oss-forbid-overwrite', ['true', 'false']) === 'true';
}
