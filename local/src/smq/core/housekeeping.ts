import { randomInt } from 'node:crypto';
import { copyNow } from './dead-letter.ts';
import { firstLease, type InspectedMessage, type Lease, type Message, md5 } from './message.ts';
import type { Queue } from './queue.ts';
import type { Change, Store } from './store.ts';

/**
 * Removes messages of the queue, leased ones too: those with these ids that exist, or all. Resolves
 * to their number.
 */
export async function purge(queue: Queue, store: Store, ids?: readonly string[]): Promise<number> {
  const wanted = ids && new Set(ids);
  const messages = queue.all().filter(({ content }) => wanted?.has(content.id) ?? true);
  const removals = messages.flatMap((message) => queue.removalOf(message));
  await store.commit(removals, queue.release(messages));
  // A receiver may be waiting for the next message of a group.
  queue.start();
  return messages.length;
}

/** A message as stored in a file. */
export type KeptMessage = Omit<InspectedMessage, 'state' | 'bodyMd5'>;

/**
 * Replaces all messages of the queues, leased ones too, or none if it fails. Earlier receipt
 * handles become invalid.
 */
export async function replaceAll(
  contents: ReadonlyMap<Queue, readonly KeptMessage[]>,
  store: Store,
): Promise<void> {
  const changes: Change[] = [];
  const admissions: (() => void)[] = [];
  const undos: (() => void)[] = [];
  for (const [queue, kept] of contents) {
    const old = queue.all();
    const messages = kept.map(({ dequeueCount, visibleAt, ...content }) =>
      queue.prepareCopy(
        () => ({ ...content, bodyMd5: md5(content.body) }),
        leaseOf(content.enqueueTime, dequeueCount, visibleAt),
      ),
    );
    changes.push(...old.flatMap((one) => queue.removalOf(one)));
    changes.push(...messages.flatMap((one) => queue.changesFor(one)));
    undos.push(queue.release(old));
    admissions.push(() => queue.admitAll(messages));
  }
  await store.commit(changes, () => {
    for (const undo of undos.reverse()) undo();
  });
  for (const admit of admissions) admit();
}

function leaseOf(start: number, dequeueCount: number, visibleAt: number): Lease {
  if (dequeueCount === 0) return firstLease(start, visibleAt);
  const nonce = String(randomInt(2 ** 32));
  return { dequeueCount, firstDequeueTime: start, start, visibleAt, changes: 0, nonce };
}

/**
 * Moves messages that no receiver holds, those with these ids or all, each to the queue that
 * `targetOf` returns; undefined leaves it. Both writes are one transaction: after a kill each
 * message is in exactly one of the two.
 */
export async function move(
  from: Queue,
  targetOf: (message: Message) => Queue | undefined,
  store: Store,
  ids?: readonly string[],
): Promise<number> {
  const changes: Change[] = [];
  const moved: { message: Message; target: Queue; copy: Message }[] = [];
  for (const message of from.idle(ids)) {
    const target = targetOf(message);
    if (!target || target === from) continue;
    const copy = target.prepareCopy((now) => copyNow(message.content, now));
    changes.push(...from.removalOf(message), ...target.changesFor(copy));
    moved.push({ message, target, copy });
  }
  const putBack = from.release(moved.map(({ message }) => message));
  await store.commit(changes, putBack);
  for (const { target, copy } of moved) target.admit(copy);
  from.start();
  return moved.length;
}
