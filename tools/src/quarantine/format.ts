import type { QuarantineEntry } from 'fc-kit/consume';
import { hasCode, InvalidInputError } from 'fc-kit/handler';
import type { KeptMessage } from './kept-message.ts';

/** Maximum characters of a reason. */
const MAX_REASON_LENGTH = 100;

/**
 * Formats one message in one line; for an object that is no entry, or was sent back in the meantime, says
 * why it cannot be read.
 */
export async function formatMessage(message: KeptMessage): Promise<string> {
  try {
    return formatEntry(await message.read());
  } catch (error) {
    const passedOver = error instanceof InvalidInputError || hasCode(error, 'NoSuchKey');
    if (!passedOver) throw error;
    return `${message.id}  ${error.message}`;
  }
}

/** Formats when, what, from where, after how many receives, and why. */
function formatEntry(entry: QuarantineEntry): string {
  const { receivedAt, messageId, source, dequeueCount, error } = entry;
  const when = new Date(receivedAt).toISOString().slice(0, 19);
  const reason = `${error.code ?? error.name}: ${error.message}`.replace(/\s+/g, ' ');
  const short =
    reason.length > MAX_REASON_LENGTH ? `${reason.slice(0, MAX_REASON_LENGTH)}…` : reason;
  return `${when}  ${messageId}  ${source.name}  ${dequeueCount}x  ${short}`;
}
