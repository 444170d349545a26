import type { XmlElement } from '../../xml/parse.ts';
import type { SmqService } from '../core/service.ts';
import { SmqError } from '../errors.ts';
import type { Query } from '../query.ts';
import { checkChildren } from '../read-xml.ts';
import type { Reply } from '../respond.ts';

/** One authorised request, as an operation sees it. */
export interface Call {
  service: SmqService;
  /** Address the client used, with scheme: what locations and listed URLs begin with. */
  base: string;
  /** Queue or topic; empty where the path names none. */
  name: string;
  subscription: string;
  query: Query;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: XmlElement | undefined;
  /** A signal that aborts when the client goes away; made on demand, since most operations don't wait. */
  whenGone(): AbortSignal;
}

export interface Operation {
  /** What RAM calls it, without `mns:`. */
  action: string;
  /** A batch's own name. RAM's table for SMQ authorises a batch as its single operation, the page of each operation names the batch: both are asked here, so that what is allowed here is allowed there. */
  batchAction?: string;
  /** Query items it takes; any other is InvalidQueryString. */
  query: readonly string[];
  run(call: Call): Reply | Promise<Reply>;
}

/** The request's body, whose root must have that name, and no elements but the known ones. */
export function bodyOf({ body }: Call, root: string, known: readonly string[]): XmlElement {
  if (body?.name !== root) throw new SmqError('MalformedXML');
  checkChildren(body, known);
  return body;
}

export const CREATED = 201;
export const NO_CONTENT = 204;
