import { type QuarantineEntry, UNKNOWN_SOURCE } from 'fc-kit/consume';
import { hasCode } from 'fc-kit/handler';
import type { Message, Queue } from 'fc-kit/smq';
import type { KeptMessage } from './kept-message.ts';

/**
 * Yields the messages of a dead-letter queue. Each is received when its turn comes; those not removed are
 * given back at the end. A message whose lease has ended is received again: when only such messages come,
 * all have been seen.
 */
export async function* keptInQueue(dead: Queue): AsyncGenerator<KeptMessage> {
  const leased = new Map<string, string>();
  let repeats = 0;
  try {
    for (;;) {
      const message = await dead.receive({ waitSeconds: 0 });
      if (!message) return;
      const { messageId, receiptHandle } = message;
      repeats = leased.has(messageId) ? repeats + 1 : 0;
      leased.set(messageId, receiptHandle);
      if (repeats > leased.size) return;
      if (repeats > 0) continue;
      const entry = entryOf(message);
      yield {
        id: entry.messageId,
        place: `${dead.name}/${messageId}`,
        read: async () => entry,
        remove: async () => {
          await dead.delete(receiptHandle);
          leased.delete(messageId);
        },
      };
    }
  } finally {
    for (const handle of leased.values()) await giveBack(dead, handle);
  }
}

async function giveBack(queue: Queue, handle: string): Promise<void> {
  try {
    await queue.changeVisibility(handle, 1);
  } catch (error) {
    if (!hasCode(error, 'MessageNotExist')) throw error; // its lease has ended, so it is visible again
  }
}

/** Returns what is known of a message that SMQ or FC has moved away, without the reason. */
function entryOf({
  messageId,
  messageGroupId,
  body,
  userProperties,
  dequeueCount,
  enqueueTime,
}: Message): QuarantineEntry {
  return {
    messageId,
    source: { kind: 'queue', name: UNKNOWN_SOURCE },
    error: { name: 'DeadLetter', code: 'DeadLetter', message: 'SMQ or FC moved it here' },
    issues: [],
    dequeueCount,
    receivedAt: enqueueTime,
    userProperties,
    ...(messageGroupId !== undefined && { messageGroupId }),
    body,
  };
}
