import type { XmlFields } from '../../xml/write.ts';
import type { Page, PageRequest } from '../core/registry.ts';
import { inRange } from '../errors.ts';
import { PAGE_SIZE } from '../limits.ts';
import { wholeNumber } from '../read-xml.ts';
import type { Reply } from '../respond.ts';
import type { Call } from './operation.ts';

/** Reads the page that a list's headers ask for. */
export function pageRequest({ headers }: Call): PageRequest {
  const size = header(headers['x-mns-ret-number']);
  return {
    prefix: header(headers['x-mns-prefix']),
    marker: header(headers['x-mns-marker']),
    limit:
      size === undefined ? undefined : inRange('x-mns-ret-number', wholeNumber(size), PAGE_SIZE),
  };
}

/** Returns whether a list includes more than the URL and the name of each item. */
export function wantsMeta({ headers }: Call): boolean {
  return header(headers['x-mns-with-meta'])?.toLowerCase() === 'true';
}

/** Answers a page: an element `name` for each item. The last page has no NextMarker element. */
export function pageReply<T>(
  root: string,
  name: string,
  { items, nextMarker }: Page<T>,
  write: (item: T) => XmlFields,
): Reply {
  return { status: 200, body: [root, { [name]: items.map(write), NextMarker: nextMarker }] };
}

function header(value: string | undefined): string | undefined {
  // @alicloud/mns sends the word for an absent prefix.
  return value === 'undefined' ? undefined : value;
}
