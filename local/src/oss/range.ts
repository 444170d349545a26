import { OssError } from './errors.ts';
import type { Headers } from './request.ts';

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

/**
 * Returns the part of `size` bytes that a Range header asks for; undefined for the whole. A range
 * that is malformed or reaches past the end is ignored, as in OSS, unless the client asks for the
 * standard's behaviour: then it is cut, or InvalidRange is thrown.
 */
export function readRange(headers: Headers, size: number): ByteRange | undefined {
  const range = parseRange(headers.get('range'), size);
  if (range === undefined) return undefined;
  const { start, end } = range;
  if (headers.get('x-oss-range-behavior')?.toLowerCase() === 'standard') {
    if (start >= size || end < start)
      throw new OssError('InvalidRange', { headers: { 'Content-Range': `bytes */${size}` } });
    return { start, end: Math.min(end, size - 1) };
  }
  return start <= end && end < size ? range : undefined;
}

function parseRange(text: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text?.trim() ?? '') ?? [];
  if (first !== '')
    return {
      start: Number(first),
      end: last === '' ? Math.max(size - 1, Number(first)) : Number(last),
    };
  if (last === '') return undefined;
  const suffix = Number(last);
  return suffix === 0
    ? { start: size, end: size }
    : { start: Math.max(0, size - suffix), end: size - 1 };
}

/** Reads the `bytes=a-b` of a copied part, which must be within the source. Throws InvalidRange. */
export function readCopyRange(text: string | undefined, size: number): ByteRange {
  if (text === undefined) return { start: 0, end: size - 1 };
  const range = parseRange(text, size);
  if (!range || range.start > range.end || range.end >= size) throw new OssError('InvalidRange');
  return range;
}
