import { systemClock } from '../clock/clock.ts';
import { ServiceError } from '../errors/errors.ts';
import { items } from './answer.ts';
import { checkRange } from './check.ts';
import type { Connection } from './connection.ts';
import { MAX_BATCH, MAX_WAIT_SECONDS } from './limits.ts';
import { parseMessage } from './message.ts';
import type { Message, ReceiveBatchOptions } from './types.ts';

/** Seconds of one poll if a signal may end the wait. */
const POLL_WITH_SIGNAL = 5;
/** Longer than all but the longest leases, so that a broken batch is visible again before it ends. */
const ISOLATION_MS = 60 * 60 * 1000;

/**
 * Until when each queue, by its address, is received one by one. Belongs to the process: clients come and
 * go with their credential.
 */
const isolatedUntil = new Map<string, number>();

/** Implements Queue.receiveBatch. */
export async function receiveBatch(
  connection: Connection,
  queue: string,
  { max = MAX_BATCH, waitSeconds, signal }: ReceiveBatchOptions,
): Promise<Message[]> {
  checkRange('max', max, 1, MAX_BATCH);
  checkRange('waitSeconds', waitSeconds, 0, MAX_WAIT_SECONDS);
  let left = waitSeconds;
  while (true) {
    signal?.throwIfAborted();
    const wait = signal && left ? Math.min(left, POLL_WITH_SIGNAL) : left;
    const messages = await isolating(connection, queue, max, wait);
    if (messages.length > 0 || !left || !wait || left <= wait) return messages;
    left -= wait;
  }
}

/** Receives a batch, or single messages while one of this queue's messages is known to break its batch. */
async function isolating(
  connection: Connection,
  queue: string,
  max: number,
  wait: number | undefined,
): Promise<Message[]> {
  const address = `${connection.endpoint}/queues/${queue}`;
  const isolated = (isolatedUntil.get(address) ?? 0) > systemClock.now();
  try {
    return await poll(connection, queue, isolated ? 1 : max, wait);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    isolatedUntil.set(address, systemClock.now() + ISOLATION_MS);
    throw error;
  }
}

async function poll(
  connection: Connection,
  queue: string,
  max: number,
  wait: number | undefined,
): Promise<Message[]> {
  const query = wait === undefined ? '' : `&waitseconds=${wait}`;
  const answer = await connection.call({
    name: 'BatchReceiveMessage',
    target: `queue "${queue}"`,
    method: 'GET',
    path: `/queues/${queue}/messages?numOfMessages=${max}${query}`,
    root: 'Messages',
    statuses: [200],
    empty: 'MessageNotExist',
    waitSeconds: wait ?? 'queue',
  });
  return answer.read((body) => items(body, 'Message').map(parseMessage));
}

/** SMQ answered with messages that could not be parsed. */
function isUnreadable(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'UnexpectedAnswer' && error.status === 200;
}
