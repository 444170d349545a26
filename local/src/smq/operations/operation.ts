import type { XmlElement } from '../../xml/parse.ts';
import type { SmqService } from '../core/service.ts';
import { SmqError } from '../errors.ts';
import type { Query } from '../query.ts';
import { checkChildren } from '../read-xml.ts';
import type { Reply } from '../respond.ts';

/** One authorised request, as an operation sees it. */
export interface Call {
  service: SmqService;
  /** Address that the client used, with scheme: locations and listed URLs begin with it. */
  base: string;
  /** Name of the queue or topic; empty where the path has none. */
  name: string;
  subscription: string;
  query: Query;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: XmlElement | undefined;
  /**
   * Returns a signal that aborts when the client goes away; made on demand, since most operations
   * do not wait.
   */
  whenGone(): AbortSignal;
}

export interface Operation {
  /** Its RAM action, without `mns:`. */
  action: string;
  /**
   * A batch's own RAM action. RAM's table for SMQ authorises a batch as its single operation, the
   * page of each operation names the batch: both are required here, so that what is allowed here is
   * allowed there.
   */
  batchAction?: string;
  /** Query parameters it accepts; any other is InvalidQueryString. */
  query: readonly string[];
  run(call: Call): Reply | Promise<Reply>;
}

/** Parses the request's body, whose root must have this name, and only known elements. */
export function bodyOf({ body }: Call, root: string, known: readonly string[]): XmlElement {
  if (body?.name !== root) throw new SmqError('MalformedXML');
  checkChildren(body, known);
  return body;
}

export const CREATED = 201;
export const NO_CONTENT = 204;
