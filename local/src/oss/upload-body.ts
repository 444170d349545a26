import { OssError } from './errors.ts';
import { MAX_UPLOAD_BYTES } from './limits.ts';
import type { OssRequest } from './request.ts';

/** The content of an upload, to be read once. Throws MissingContentLength when neither length nor chunking is given, EntityTooLarge, or InvalidArgument for S3's own chunking. */
export function uploadBody(
  { headers, body }: OssRequest,
  limit = MAX_UPLOAD_BYTES,
): AsyncIterable<Uint8Array> {
  const chunked = /\bchunked\b/i.test(headers.get('transfer-encoding') ?? '');
  const length = headers.get('content-length');
  // Where such a request ends is not known: the next one on this connection would be taken for its body.
  if (!chunked && length === undefined)
    throw new OssError('MissingContentLength', { headers: { Connection: 'close' } });
  if (!chunked && Number(length) > limit) throw new OssError('EntityTooLarge');
  if (/\baws-chunked\b/i.test(headers.get('content-encoding') ?? ''))
    throw new OssError('InvalidArgument', {
      message: 'aws-chunked encoding is not supported: send the content as it is',
    });
  // A request that is refused half-way still has to be read to its end, or the client sees a reset.
  const content = body.iterator({ destroyOnReturn: false });
  return chunked && length !== undefined ? ofLength(content, length) : content;
}

/** The same content. Throws IncompleteBody when it is longer or shorter than the header says: chunked, HTTP itself takes no notice of it. */
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

/** Throws IncompleteBody when a body that is there is not of the length that the header says. */
export function checkLength({ headers }: Pick<OssRequest, 'headers'>, size: number): void {
  const length = headers.get('content-length');
  if (length !== undefined && Number(length) !== size) throw new OssError('IncompleteBody');
}

/** Content-MD5 as sent. Throws InvalidDigest unless it is the base64 of 16 bytes. */
export function readContentMd5({ headers }: Pick<OssRequest, 'headers'>): string | undefined {
  const digest = headers.get('content-md5');
  if (digest !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(digest))
    throw new OssError('InvalidDigest');
  return digest;
}

export function readForbidOverwrite({ headers }: Pick<OssRequest, 'headers'>): boolean {
  return headers.oneOf('x-oss-forbid-overwrite', ['true', 'false']) === 'true';
}
