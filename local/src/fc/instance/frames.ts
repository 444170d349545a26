import type { ErrorType } from './headers.ts';

// What passes a gate: a call is the length of its head, the length of its event, the head as JSON, the
// event; an answer is the length of its body, megabytes, its kind, the body.

/** Bytes of the two lengths of a call. */
export const CALL_PREFIX_BYTES = 8;
/** Bytes of an answer before its body. */
export const ANSWER_PREFIX_BYTES = 9;

/** The part of a call that says what is to be run. */
export interface CallHead {
  path: string;
  headers: Record<string, string>;
}

/** The part of an answer that says how the call went. */
export interface AnswerHead {
  length: number;
  /** Peak memory of the process, in MB. */
  maxMemoryMb: number;
  errorType?: ErrorType;
  /** Whether the process must not be used again. */
  spent: boolean;
}

const ERROR_TYPES: readonly (ErrorType | undefined)[] = [
  undefined,
  'HandledInvocationError',
  'UnhandledInvocationError',
  'InitializationError',
];
const SPENT = 0x80;

/** Events up to this size are copied, to be written at once. */
const COPIED_BYTES = 16 * 1024;

/** Returns the pieces of a call, in order. */
export function callPieces(head: CallHead, event: Buffer): [Buffer] | [Buffer, Buffer] {
  const text = JSON.stringify(head);
  const length = Buffer.byteLength(text);
  const copied = event.length <= COPIED_BYTES;
  const first = Buffer.allocUnsafe(CALL_PREFIX_BYTES + length + (copied ? event.length : 0));
  first.writeUInt32LE(length, 0);
  first.writeUInt32LE(event.length, 4);
  first.write(text, CALL_PREFIX_BYTES);
  if (!copied) return [first, event];
  event.copy(first, CALL_PREFIX_BYTES + length);
  return [first];
}

/** Writes what comes before the body of an answer. */
export function writeAnswerHead(bytes: Buffer, head: AnswerHead): void {
  bytes.writeUInt32LE(head.length, 0);
  bytes.writeUInt32LE(head.maxMemoryMb, 4);
  bytes[8] = ERROR_TYPES.indexOf(head.errorType) | (head.spent ? SPENT : 0);
}

/** Returns what comes before the body of an answer. */
export function readAnswerHead(bytes: Buffer): AnswerHead {
  const kind = bytes[8] ?? 0;
  const errorType = ERROR_TYPES[kind & ~SPENT];
  return {
    length: bytes.readUInt32LE(0),
    maxMemoryMb: bytes.readUInt32LE(4),
    ...(errorType && { errorType }),
    spent: (kind & SPENT) !== 0,
  };
}
