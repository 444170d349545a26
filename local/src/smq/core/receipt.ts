import { randomInt } from 'node:crypto';
import { SmqError } from '../errors.ts';
import type { Lease, Message } from './message.ts';

/** The contents of a receipt handle. */
export interface Receipt {
  messageId: string;
  dequeueCount: number;
  changes: number;
  nonce: string;
}

// `>`, `?` and `~` produce `+` and `/` in the base64, as in real handles: a client that does not
// encode handles fails here too.
const NONCE_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz>?~';
const HANDLE = /^([0-9A-F]{32})-([A-Za-z0-9+/]+={0,2})$/;
const LEASE = /^(\d+) (\d+) (\d+) (\d+) 0 ([A-Za-z0-9-]+) 0 (\d+)\|([\w>?~]*)$/;

/** Returns the lease of one more receive, from `now` for `seconds`. */
export function nextLease(
  { dequeueCount, firstDequeueTime }: Lease,
  now: number,
  seconds: number,
): Lease {
  return {
    dequeueCount: dequeueCount + 1,
    firstDequeueTime: firstDequeueTime ?? now,
    start: now,
    visibleAt: now + seconds * 1000,
    changes: 0,
    nonce: newNonce(),
  };
}

/** Returns six characters of the alphabet, from one random number: a sixth of the cost of six. */
function newNonce(): string {
  const { length } = NONCE_ALPHABET;
  let nonce = '';
  for (let left = randomInt(length ** 6); nonce.length < 6; left = Math.floor(left / length))
    nonce += NONCE_ALPHABET[left % length];
  return nonce;
}

/**
 * Returns `<message id>-<base64>`; the base64 contains the time the lease began and its
 * milliseconds, whose sum is NextVisibleTime.
 */
export function writeReceipt({ content, lease }: Message, queue: string): string {
  const { dequeueCount, start, visibleAt, changes, nonce } = lease;
  const text = `${dequeueCount} ${start} ${visibleAt - start} ${changes} 0 ${queue} 0 ${dequeueCount}|${nonce}`;
  return `${content.id}-${Buffer.from(text).toString('base64')}`;
}

/** Parses a handle. Throws ReceiptHandleError for text that is no handle. */
export function readReceipt(handle: string): Receipt {
  const [, messageId, base64] = HANDLE.exec(handle) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  const [, dequeueCount, , , changes, , , nonce] = LEASE.exec(bytes.toString('latin1')) ?? [];
  if (!messageId || bytes.toString('base64') !== base64 || nonce === undefined)
    throw new SmqError('ReceiptHandleError');
  return { messageId, dequeueCount: Number(dequeueCount), changes: Number(changes), nonce };
}

/**
 * Returns whether the handle was given for that lease. After a change of visibility the handle of
 * the receive is still valid, unless handles are strict.
 */
export function names(receipt: Receipt, lease: Lease, strictHandles: boolean): boolean {
  const sameReceive = receipt.dequeueCount === lease.dequeueCount && receipt.nonce === lease.nonce;
  return sameReceive && (receipt.changes === lease.changes || !strictHandles);
}
