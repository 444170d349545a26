import { type QuarantineEntry, UNKNOWN_SOURCE } from 'fc-kit/consume';
import { hasCode } from 'fc-kit/handler';
import * as z from 'fc-kit/schema';
import type { Message, Queue } from 'fc-kit/smq';
import type { KeptMessage } from './kept-message.ts';

const Issues = z.array(z.object({ path: z.string(), message: z.string() }));

/**
 * The messages of a dead-letter queue, or those of them that came from one queue. Each is received
 * when its turn comes; what has not been removed is given back at the end. A message whose lease has
 * ended is received again: when only such ones come, all have been seen.
 */
export async function* keptInQueue(dead: Queue, from?: string): AsyncGenerator<KeptMessage> {
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
      if (from !== undefined && entry.source.name !== from) continue;
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
    if (!hasCode(error, 'MessageNotExist')) throw error; // its lease has ended: it is back
  }
}

/** The entry of a message with user properties `deadLetter…`, which say where it came from and why; of one that SMQ or FC has moved there, as much as is known. */
function entryOf({ body, ...message }: Message): QuarantineEntry {
  const { userProperties: properties, messageId, dequeueCount, enqueueTime } = message;
  const text = (name: string, otherwise: string) => String(properties[name] ?? otherwise);
  const own = Object.entries(properties).filter(([name]) => !name.startsWith('deadLetter'));
  const code = text('deadLetterCode', 'DeadLetter');
  return {
    messageId: text('deadLetterMessageId', messageId),
    source: { kind: 'queue', name: text('deadLetterSource', UNKNOWN_SOURCE) },
    error: { name: code, code, message: text('deadLetterError', 'SMQ or FC moved it here') },
    issues: issuesOf(text('deadLetterIssues', '[]')),
    dequeueCount: Number(properties.deadLetterReceives ?? dequeueCount),
    receivedAt: enqueueTime,
    userProperties: Object.fromEntries(own),
    body,
  };
}

function issuesOf(json: string): QuarantineEntry['issues'] {
  try {
    return Issues.parse(JSON.parse(json));
  } catch {
    return [{ path: '', message: json }]; // cut short: it had been too long
  }
}
