import { AppError, InvalidInputError, type Issue } from '../errors.ts';
import type { OssClient } from '../oss/client.ts';
import { redact } from '../redact.ts';
import { MOST_PROPERTIES } from '../smq/message.ts';
import type { Queue } from '../smq/queue.ts';
import type { UserProperties } from '../smq/types.ts';
import { carriable } from '../smq/xml.ts';
import type { Incoming, Source } from './types.ts';

/** A poison message with all that is known of it. Times are milliseconds since the epoch. */
export interface QuarantineEntry {
  messageId: string;
  source: Source;
  /** As it was received. */
  body: string;
  /** What the body stood for, where that lies elsewhere (a claim check) and may be gone by the time it is wanted. */
  payload?: string | undefined;
  userProperties: UserProperties;
  error: { name: string; code?: string; message: string };
  /** What was wrong with the body, where that was it. */
  issues: readonly Issue[];
  /** How often it had been received or tried. */
  dequeueCount: number;
  enqueueTime?: number | undefined;
  receivedAt: number;
  /** Of the invocation's trace. */
  traceId?: string | undefined;
}

/** Where poison messages are kept. */
export interface Quarantine {
  /** Resolves, once the entry is kept, to where that is. The message is deleted after that, never before. */
  put(entry: QuarantineEntry): Promise<string>;
}

/** Begins the object key of everything in quarantine. */
export const QUARANTINE_PREFIX = 'quarantine/';

/** Quarantine in a bucket, an object a message: `quarantine/<queue>/<date>/<messageId>.json`, the date being that on which the message was sent (UTC), so that a message set aside twice is one object. Needs oss:PutObject. */
export function ossQuarantine(bucket: OssClient): Quarantine {
  return {
    async put(entry) {
      const key = quarantineKey(entry);
      const userProperties = encodeBytes(entry.userProperties);
      const body = JSON.stringify({ ...entry, userProperties }, undefined, 2);
      await bucket.putObject(key, body, { contentType: 'application/json' });
      return key;
    },
  };
}

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

const LONGEST_EXCERPT = 2000;

/** What a user property can carry of a text that may hold anything. */
function excerpt(text: string): string {
  const cut = text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
  return carriable(cut);
}

export function quarantineKey({ source, messageId, enqueueTime, receivedAt }: QuarantineEntry) {
  const date = new Date(enqueueTime ?? receivedAt).toISOString().slice(0, 10);
  // Ids come from outside where a batch is pushed: no path may come of them.
  return `${QUARANTINE_PREFIX}${source.name}/${date}/${encodeURIComponent(messageId)}.json`;
}

/** The entry of a message and what was wrong with it. */
export function quarantineEntry(
  { messageId, source, body, userProperties, enqueueTime }: Incoming,
  error: Error,
  seen: Pick<QuarantineEntry, 'dequeueCount' | 'receivedAt' | 'traceId' | 'payload'>,
): QuarantineEntry {
  return {
    messageId,
    source,
    error: {
      name: error.name,
      ...(error instanceof AppError && { code: error.code }),
      message: redact(error.message),
    },
    issues: error instanceof InvalidInputError ? error.issues : [],
    enqueueTime,
    ...seen,
    userProperties,
    body,
  };
}

/** JSON has no bytes: `{"base64": …}` stands for them. */
function encodeBytes(properties: UserProperties): Record<string, unknown> {
  const encoded = Object.entries(properties).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  ]);
  return Object.fromEntries(encoded);
}
