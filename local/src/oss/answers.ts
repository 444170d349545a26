import { percentEncodeBytes } from '../percent.ts';
import type { XmlValue } from '../xml/write.ts';
import { fromValidBytes, toBytes } from './bytes.ts';
import { describeRestoring } from './core/archive.ts';
import { OssError } from './errors.ts';
import type { Answer } from './operation.ts';
import type { OssRequest } from './request.ts';
import type { OssService } from './service.ts';
import type { ObjectRecord } from './store/types.ts';
import { writeXml } from './write-xml.ts';

export function xmlAnswer(root: string, value: XmlValue, headers?: Record<string, string>): Answer {
  return renderedAnswer(200, root, value, headers);
}

export function renderedAnswer(
  status: number,
  root: string,
  value: XmlValue,
  headers: Record<string, string> = {},
): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/xml', ...headers },
    body: writeXml(root, value),
  };
}

/**
 * Returns the headers that GET and HEAD answer for an object at the time `now`, without
 * Content-Length.
 */
export function objectHeaders(object: ObjectRecord, now: number): Record<string, string> {
  const answer: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(object.headers).map(([name, value]) => [capitalise(name), value]),
    ),
    ...identityHeaders(object),
    'Accept-Ranges': 'bytes',
    'x-oss-object-type': object.type,
    'x-oss-storage-class': object.storageClass,
  };
  const restoring = describeRestoring(object, now);
  if (restoring !== undefined) answer['x-oss-restore'] = restoring;
  if (object.type === 'Appendable') answer['x-oss-next-append-position'] = String(object.size);
  if (object.type === 'Normal') answer['Content-MD5'] = contentMd5(object.eTag);
  for (const [name, value] of Object.entries(object.meta)) answer[`x-oss-meta-${name}`] = value;
  if (object.tags.length > 0) answer['x-oss-tagging-count'] = String(object.tags.length);
  return answer;
}

export function identityHeaders(object: ObjectRecord): Record<string, string> {
  return {
    ETag: quoted(object.eTag),
    'Last-Modified': new Date(object.lastModified).toUTCString(),
    'x-oss-hash-crc64ecma': object.crc64,
  };
}

function capitalise(name: string): string {
  return name.startsWith('x-') ? name : name.replace(/\b[a-z]/g, (first) => first.toUpperCase());
}

/** Converts an upper-case hex MD5 to Base64. */
export function contentMd5(md5: string): string {
  return Buffer.from(md5, 'hex').toString('base64');
}

/** Returns the object's address, based on the address that the client used for its bucket. */
export function urlOfObject({ base }: OssRequest, { key }: ObjectRecord): string {
  return `${base}/${percentEncodeBytes(toBytes(key)).replaceAll('%2F', '/')}`;
}

export function quoted(eTag: string): string {
  return `"${eTag}"`;
}

/** Formats a time as `2026-01-31T09:00:00.000Z`: whole seconds, as everywhere in OSS. */
export function isoSeconds(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString();
}

export function ownerOf({ accountId }: OssService): { ID: string; DisplayName: string } {
  return { ID: accountId, DisplayName: accountId };
}

/**
 * Returns the function that writes bytes into a listing: as text, or percent-encoded if the client
 * asked for `encoding-type=url`.
 */
export function encoderOf(encodingType: string | undefined): (bytes: string) => string {
  return (bytes) => {
    const text = fromValidBytes(bytes);
    if (text === undefined) throw new OssError('InvalidArgument');
    return encodingType === 'url' ? encodeURIComponent(text) : text;
  };
}
