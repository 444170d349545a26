import { copyNow } from './dead-letter.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { Change, Store } from './store.ts';

/** Removes every message of the queue, leased ones too; resolves to how many. */
export async function purge(queue: Queue, store: Store): Promise<number> {
  const messages = queue.all();
  const removals = messages.flatMap((message) => queue.removalOf(message));
  await store.commit(removals, queue.release(messages));
  return messages.length;
}

/**
 * Moves messages that no receiver holds, those of the ids or all, each to the queue that `targetOf`
 * gives; without one it stays. Both writes are one: after a kill each message is in one of the two.
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
