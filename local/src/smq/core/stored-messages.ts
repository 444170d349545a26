import { firstLease, type Lease, type Message, type MessageContent } from './message.ts';
import type { Change, Key, Store } from './store.ts';

export interface StoredMessage {
  queueId: number;
  sequence: number;
  /** Absent if only a lease exists, as when its queue was deleted while it was received. */
  content: MessageContent | undefined;
  lease: Lease;
}

/**
 * Yields every message with its lease, by queue and age: the two tables, each in order of key,
 * merged.
 */
export function* storedMessages(store: Store): Generator<StoredMessage> {
  const leases = numbered(store.read('leases'));
  let lease = leases.next().value;
  for (const { queueId, sequence, value: content } of numbered(store.read('messages'))) {
    for (; lease && isBefore(lease, { queueId, sequence }); lease = leases.next().value)
      yield { ...lease, content: undefined, lease: lease.value };
    const mine = lease && !isBefore({ queueId, sequence }, lease) ? lease : undefined;
    if (mine) lease = leases.next().value;
    const { enqueueTime } = content;
    yield {
      queueId,
      sequence,
      content,
      lease: mine?.value ?? firstLease(enqueueTime, enqueueTime),
    };
  }
  for (; lease; lease = leases.next().value)
    yield { ...lease, content: undefined, lease: lease.value };
}

/**
 * Returns the writes that store a message; its lease only if it says more than that the message
 * exists.
 */
export function messageWrites(queueId: number, message: Message): Change[] {
  const { content, lease, sequence } = message;
  const written: Change[] = [{ table: 'messages', key: [queueId, sequence], value: content }];
  if (lease.visibleAt > content.enqueueTime) written.push(leaseChange(queueId, message));
  return written;
}

export function leaseChange(queueId: number, { lease, sequence }: Message): Change {
  return { table: 'leases', key: [queueId, sequence], value: lease };
}

/** Returns the writes that remove a message from the store. */
export function messageRemoval(key: [number, number]): Change[] {
  return [
    { table: 'messages', key },
    { table: 'leases', key },
  ];
}

interface Numbered<T> {
  queueId: number;
  sequence: number;
  value: T;
}

function* numbered<T>(
  entries: Iterable<{ key: Key; value: T }>,
): Generator<Numbered<T>, undefined> {
  for (const { key, value } of entries) {
    const [queueId, sequence] = key;
    if (typeof queueId === 'number' && typeof sequence === 'number')
      yield { queueId, sequence, value };
  }
}

function isBefore(
  a: { queueId: number; sequence: number },
  b: { queueId: number; sequence: number },
): boolean {
  return a.queueId < b.queueId || (a.queueId === b.queueId && a.sequence < b.sequence);
}
