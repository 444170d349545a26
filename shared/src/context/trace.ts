import { randomBytes } from 'node:crypto';

/** The property or header that carries it (W3C Trace Context). */
export const TRACEPARENT = 'traceparent';

/** The property or header of what a trace carries along (W3C Baggage). */
export const BAGGAGE = 'baggage';
/** Characters: what a message property holds, and half of what W3C lets a system cut it to. */
const MAX_BAGGAGE_LENGTH = 4096;

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
  /** W3C baggage that came with it, to be passed on as it is: `key=value,…`. */
  baggage?: string;
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
  if (!parent) {
    // Once for both: most of it is the call.
    const hex = randomHex(24);
    return { traceId: hex.slice(0, 32), spanId: hex.slice(32), flags: '01' };
  }
  const spanId = randomHex(8);
  const { traceId, spanId: parentId, flags, baggage } = parent;
  return { traceId, spanId, parentId, flags, ...(baggage !== undefined && { baggage }) };
}

/**
 * The trace of the headers or properties `traceparent` and `baggage` together; undefined without the
 * first. Baggage of more than 4,096 characters, or with characters that no header may have, is left out.
 */
export function parseTrace(traceparent: unknown, baggage: unknown): Trace | undefined {
  const trace = parseTraceparent(traceparent);
  if (!trace || typeof baggage !== 'string') return trace;
  const isUsable =
    baggage.length <= MAX_BAGGAGE_LENGTH && /^[\x21-\x7e][\x20-\x7e]*$/.test(baggage);
  return isUsable ? { ...trace, baggage } : trace;
}

/** What to send along: `userProperties: { [TRACEPARENT]: formatTraceparent(trace) }`. */
export function formatTraceparent({ traceId, spanId, flags }: Trace): string {
  return `00-${traceId}-${spanId}-${flags}`;
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
