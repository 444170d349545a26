import { randomBytes } from 'node:crypto';

/** The property or header that carries it (W3C Trace Context). */
export const TRACEPARENT = 'traceparent';

/** Where in a trace this work stands. */
export interface Trace {
  /** 32 lower-case hex digits, the same for everything that one request sets off. */
  traceId: string;
  /** 16 lower-case hex digits: this piece of work. */
  spanId: string;
  /** 16 lower-case hex digits: what set it off; absent at the beginning of a trace. */
  parentId?: string;
  /** Two hex digits; `01`: recorded. */
  flags: string;
}

const FORMAT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;

/** The trace of a `traceparent`; undefined for what is none. A later version than 00 is read as far as it is known. */
export function parseTraceparent(value: unknown): Trace | undefined {
  const match = typeof value === 'string' ? FORMAT.exec(value.trim()) : null;
  if (!match) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  return { traceId, spanId, flags };
}

/** The trace of work that `parent` set off; the beginning of a new one when there is none. */
export function childTrace(parent: Trace | undefined): Trace {
  const spanId = randomHex(8);
  if (!parent) return { traceId: randomHex(16), spanId, flags: '01' };
  return { traceId: parent.traceId, spanId, parentId: parent.spanId, flags: parent.flags };
}

/** What to send along: `userProperties: { [TRACEPARENT]: formatTraceparent(trace) }`. */
export function formatTraceparent({ traceId, spanId, flags }: Trace): string {
  return `00-${traceId}-${spanId}-${flags}`;
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
