import type { Page, PageRequest } from '../core/registry.ts';
import { inRange } from '../errors.ts';
import { PAGE_SIZE } from '../limits.ts';
import type { Reply } from '../respond.ts';
import { wholeNumber } from '../xml/read.ts';
import type { XmlNode } from '../xml/write.ts';
import type { Call } from './operation.ts';

/** A list's page as its headers ask for it. */
export function pageRequest({ headers }: Call): PageRequest {
  const size = header(headers['x-mns-ret-number']);
  return {
    prefix: header(headers['x-mns-prefix']),
    marker: header(headers['x-mns-marker']),
    limit:
      size === undefined ? undefined : inRange('x-mns-ret-number', wholeNumber(size), PAGE_SIZE),
  };
}

export function wantsMeta({ headers }: Call): boolean {
  return header(headers['x-mns-with-meta'])?.toLowerCase() === 'true';
}

/** There is no NextMarker element on the last page. */
export function pageReply<T>(root: string, page: Page<T>, write: (item: T) => XmlNode): Reply {
  const marker: XmlNode[] = page.nextMarker === undefined ? [] : [['NextMarker', page.nextMarker]];
  return { status: 200, body: [root, [...page.items.map(write), ...marker]] };
}

function header(value: string | undefined): string | undefined {
  // @alicloud/mns sends the word for a prefix it was not given.
  return value === 'undefined' ? undefined : value;
}
