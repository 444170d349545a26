import type { XmlFields } from '../../xml/write.ts';
import type { Page, PageRequest } from '../core/registry.ts';
import { inRange } from '../errors.ts';
import { PAGE_SIZE } from '../limits.ts';
import { wholeNumber } from '../read-xml.ts';
import type { Reply } from '../respond.ts';
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

/** Whether a list is to say more of each item than its URL and its name. */
export function wantsMeta({ headers }: Call): boolean {
  return header(headers['x-mns-with-meta'])?.toLowerCase() === 'true';
}

/** A page as an answer: an element `name` for each item. There is no NextMarker element on the last page. */
export function pageReply<T>(
  root: string,
  name: string,
  { items, nextMarker }: Page<T>,
  write: (item: T) => XmlFields,
): Reply {
  return { status: 200, body: [root, { [name]: items.map(write), NextMarker: nextMarker }] };
}

function header(value: string | undefined): string | undefined {
  // @alicloud/mns sends the word for a prefix it was not given.
  return value === 'undefined' ? undefined : value;
}
