import { createHash } from 'node:crypto';
import { quote } from '../errors/cut.ts';
import { InvalidInputError } from '../errors/errors.ts';
import type { HttpRequest } from './http.ts';

type Declared = Pick<HttpRequest, 'headers' | 'body'>;

/**
 * Throws an InvalidInputError (`InvalidDigest`) when the request has a Content-MD5, even an empty one, that
 * is not the base64 of its body's MD5.
 */
export function checkContentMd5({ headers, body }: Declared): void {
  const declared = headers['content-md5']?.trim();
  if (declared === undefined) return;
  if (declared === createHash('md5').update(body).digest('base64')) return;
  throw new InvalidInputError(`Content-MD5 ${quote(declared)} is not that of the body`, {
    code: 'InvalidDigest',
    remedy: 'send the base64 of the MD5 of the bytes in the body, or leave the header out',
  });
}

/**
 * Throws an InvalidInputError (`UnsupportedContentEncoding`, status 415) when the body is declared as
 * compressed: it is not unpacked here.
 */
export function checkNotEncoded({ headers }: Pick<HttpRequest, 'headers'>): void {
  const encoding = headers['content-encoding']?.trim();
  if (encoding === undefined || /^(identity)?$/i.test(encoding)) return;
  throw new InvalidInputError(`Content-Encoding of the request is ${quote(encoding)}`, {
    code: 'UnsupportedContentEncoding',
    status: 415,
    remedy: 'send the content as it is, without Content-Encoding',
  });
}
