import { randomBytes } from 'node:crypto';

/** The property or header that carries a trace (W3C Trace Context). */
export const TRACEPARENT = 'traceparent';

/** The property or header of the values a trace carries along (W3C Baggage). */
export const BAGGAGE = 'baggage';
/** Maximum characters: what a message property holds, and half of what W3C lets a system cut it to. */
const MAX_BAGGAGE_LENGTH = 4096;

/** The place of a piece of work in a trace. */
export interface Trace {
  /** 32 lower-case hex digits, the same for everything that one request sets off. */
  traceId: string;
  /** 16 lower-case hex digits that identify this piece of work. */
  spanId: string;
  /** 16 lower-case hex digits of the work that set it off; absent at the start of a trace. */
  parentId?: string;
  /** Two hex digits; `01` means recorded. */
  flags: string;
  /** W3C baggage that came with the trace, to be passed on unchanged: `key=value,…`. */
  baggage?: string;
}

const FORMAT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;

/**
 * Returns the trace of a `traceparent`, or undefined if it is not valid. A version later than 00 is read as
 * far as it is known.
 */
export function parseTraceparent(value: unknown): Trace | undefined {
  const match = typeof value === 'string' ? FORMAT.exec(value.trim()) : null;
  if (!match) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  return { traceId, spanId, flags };
}

/** Returns the trace of work that `parent` set off; a new trace when there is no parent. */
export function childTrace(parent: Trace | undefined): Trace {
  if (!parent) return { traceId: randomHex(16), spanId: randomHex(8), flags: '01' };
  const spanId = randomHex(8);
  const { traceId, spanId: parentId, flags, baggage } = parent;
  return { traceId, spanId, parentId, flags, ...(baggage !== undefined && { baggage }) };
}

/**
 * Returns the trace of the headers or properties `traceparent` and `baggage`, or undefined without a valid
 * `traceparent`. Leaves out baggage of more than 4,096 characters, or with characters no header may have.
 */
export function parseTrace(traceparent: unknown, baggage: unknown): Trace | undefined {
  const trace = parseTraceparent(traceparent);
  if (!trace || typeof baggage !== 'string') return trace;
  const isUsable =
    baggage.length <= MAX_BAGGAGE_LENGTH && /^[\x21-\x7e][\x20-\x7e]*$/.test(baggage);
  return isUsable ? { ...trace, baggage } : trace;
}

/** Returns the value to send along: `userProperties: { [TRACEPARENT]: formatTraceparent(trace) }`. */
export function formatTraceparent({ traceId, spanId, flags }: Trace): string {
  return `00-${traceId}-${spanId}-${flags}`;
}

/** Bytes taken at once: most of what a few random bytes cost is the call. */
const POOL_BYTES = 960;
let pool = Buffer.alloc(0);
let taken = 0;

function randomHex(bytes: number): string {
  if (taken + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES);
    taken = 0;
  }
  taken += bytes;
  return pool.toString('hex', taken - bytes, taken);
}
