import type { QuarantineEntry } from 'fc-kit/consume';

const LONGEST_REASON = 100;

/** One entry on one line: when, what, from where, after how many receives, why. */
export function formatLine(entry: QuarantineEntry): string {
  const { receivedAt, messageId, source, dequeueCount, error } = entry;
  const when = new Date(receivedAt).toISOString().slice(0, 19);
  const reason = `${error.code ?? error.name}: ${error.message}`.replace(/\s+/g, ' ');
  const short = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
  return `${when}  ${messageId}  ${source.name}  ${dequeueCount}x  ${short}`;
}
