import { unquote } from './headers.ts';
import type { ObjectPage } from './types.ts';

/** Requested if an answer repeats keys, since XML cannot hold all of them. */
export const URL_ENCODING = { 'encoding-type': 'url' } as const;

/**
 * Decodes what OSS wrote in that encoding. The official SDKs for Go and Java read a + as a space, the one
 * for Python does not; so a + of the key itself comes as %2B.
 */
export function urlDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** Returns the page of a list of objects that was answered as XML, with its keys URL-encoded. */
export function pageOf(xml: Record<string, unknown>): ObjectPage {
  const { NextContinuationToken: next } = xml;
  return {
    objects: elements(xml.Contents).map(({ Key, Size, ETag, LastModified }) => ({
      key: urlDecoded(String(Key)),
      size: Number(Size),
      eTag: unquote(String(ETag)),
      lastModified: Date.parse(String(LastModified)),
    })),
    prefixes: elements(xml.CommonPrefixes).map(({ Prefix }) => urlDecoded(String(Prefix))),
    ...(typeof next === 'string' && next !== '' && { nextToken: urlDecoded(next) }),
  };
}

/** Returns the elements of one name; a single one is no list, and one without content is a text. */
function elements(found: unknown): Record<string, unknown>[] {
  return [found ?? []].flat().map((one) => (isRecord(one) ? one : {}));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
