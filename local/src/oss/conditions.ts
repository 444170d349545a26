import { OssError } from './errors.ts';
import type { Headers } from './request.ts';
import type { ObjectRecord } from './store/types.ts';

/**
 * Throws PreconditionFailed or NotModified (304) by If-Match and the other conditional headers;
 * `prefix` is `x-oss-copy-source-` for the source of a copy. A date that cannot be parsed is
 * ignored.
 */
export function checkConditions(headers: Headers, object: ObjectRecord, prefix = ''): void {
  const { eTag, lastModified } = object;
  const changed = Math.floor(lastModified / 1000) * 1000;
  const ifMatch = headers.get(`${prefix}if-match`);
  if (ifMatch !== undefined && !matches(ifMatch, eTag)) throw failed('If-Match');
  const ifUnmodified = dateOf(headers.get(`${prefix}if-unmodified-since`));
  if (ifUnmodified !== undefined && changed > ifUnmodified) throw failed('If-Unmodified-Since');
  const ifNoneMatch = headers.get(`${prefix}if-none-match`);
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, eTag)) throw notModified(object);
  const ifModified = dateOf(headers.get(`${prefix}if-modified-since`));
  if (ifModified !== undefined && changed <= ifModified) throw notModified(object);
}

function matches(wanted: string, eTag: string): boolean {
  return wanted.split(',').some((one) => {
    const text = one.trim().replace(/^"(.*)"$/, '$1');
    return text === '*' || text.toUpperCase() === eTag;
  });
}

function dateOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function failed(condition: string): OssError {
  return new OssError('PreconditionFailed', { details: { Condition: condition } });
}

function notModified({ eTag, lastModified }: ObjectRecord): OssError {
  return new OssError('NotModified', {
    headers: { ETag: `"${eTag}"`, 'Last-Modified': new Date(lastModified).toUTCString() },
  });
}
