import { pipeline, type Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Headers } from './request.ts';

/** Content types that OSS compresses (help page "gzip"). */
const TYPES = new Set([
  'text/cache-manifest',
  'text/xml',
  'text/plain',
  'text/css',
  'text/html',
  'text/json',
  'application/javascript',
  'application/x-javascript',
  'application/rss+xml',
  'application/json',
  'application/xml',
]);
const MIN_BYTES = 1024;
/** Headers of the stored content: what is sent has another length and other ranges. */
const OF_THE_WHOLE = ['ETag', 'Content-Length', 'Content-MD5', 'Accept-Ranges'];

/**
 * Returns whether a whole object with these headers is sent compressed: text of at least 1 KB, to a
 * client that accepts gzip.
 */
export function isCompressed(
  asked: Headers,
  answered: Readonly<Record<string, string>>,
  size: number,
): boolean {
  const [type = ''] = (answered['Content-Type'] ?? '').toLowerCase().split(';');
  return (
    size >= MIN_BYTES &&
    TYPES.has(type.trim()) &&
    answered['Content-Encoding'] === undefined &&
    takesGzip(asked.get('accept-encoding') ?? '')
  );
}

export function compressedHeaders(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_WHOLE.includes(name));
  return {
    ...Object.fromEntries(kept),
    'Content-Encoding': 'gzip',
    'Transfer-Encoding': 'chunked',
  };
}

/** Returns the content compressed; closing one of the two streams closes the other. */
export function compress(content: Readable): Readable {
  const gzip = createGzip();
  pipeline(content, gzip, () => {}); // an error of one is an error of the other, which is read
  return gzip;
}

/** Returns whether gzip is accepted, by name or by `*`, with a quality other than zero. */
function takesGzip(accepted: string): boolean {
  const qualities = new Map(
    accepted.split(',').map((one): [string, number] => {
      const [name = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return [name, q === undefined ? 1 : Number(q.slice(2))];
    }),
  );
  return (qualities.get('gzip') ?? qualities.get('*') ?? 0) > 0;
}
