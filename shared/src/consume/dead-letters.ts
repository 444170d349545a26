import { MOST_PROPERTIES } from '../smq/message.ts';
import type { Queue } from '../smq/queue.ts';
import type { UserProperties } from '../smq/types.ts';
import { carriable } from '../smq/xml.ts';
import type { Quarantine } from './quarantine.ts';

/** Characters of an error's message, and of its issues. */
const LONGEST_EXCERPT = 2000;

/**
 * Quarantine in a dead-letter queue: the raw body, with the ids and the reason in its user properties
 * (`deadLetter…`) beside those it had, as many of them as there is room for. Needs mns:SendMessage.
 */
export function queueQuarantine(queue: Queue): Quarantine {
  return {
    async put({ body, userProperties, ...entry }) {
      const { code, name, message } = entry.error;
      const reason: UserProperties = {
        deadLetterSource: entry.source.name,
        deadLetterMessageId: entry.messageId,
        deadLetterReceives: entry.dequeueCount,
        ...(entry.traceId !== undefined && { deadLetterTraceId: entry.traceId }),
        deadLetterCode: code ?? name,
        deadLetterError: excerpt(message),
        deadLetterIssues: excerpt(JSON.stringify(entry.issues)),
      };
      const room = MOST_PROPERTIES - Object.keys(reason).length;
      const own = Object.fromEntries(Object.entries(userProperties).slice(0, room));
      const sent = await queue.send(body, { userProperties: { ...own, ...reason } });
      return `${queue.name}/${sent.messageId}`;
    },
  };
}

/** As much of a text as a user property can carry, whatever its characters. */
function excerpt(text: string): string {
  const cut = text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
  return carriable(cut);
}
