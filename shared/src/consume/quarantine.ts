import { createHash } from 'node:crypto';
import { AppError, InvalidInputError, type Issue } from '../errors/errors.ts';
import { redact } from '../log/redact.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import type { UserProperties } from '../smq/types.ts';
import type { Incoming, Source } from './message.ts';

/** A poison message with all that is known of it. Times are milliseconds since the epoch. */
export interface QuarantineEntry {
  messageId: string;
  source: Source;
  /** As it was received. */
  body: string;
  /** The payload that the body's claim check named, which may be gone by the time it is wanted. */
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

/** Characters of a message's id as part of a key, each of which may take nine bytes; SMQ's own have 32. */
const MAX_ID_LENGTH = 80;

/** Begins the object key of everything in quarantine. */
export const QUARANTINE_PREFIX = 'quarantine/';

/** Quarantine in a bucket, an object a message: `quarantine/<queue>/<date>/<messageId>.json` (the SHA-256 of an id of more than 80 characters), the date being that on which the message was sent (UTC), so that a message set aside twice is one object. Needs oss:PutObject. */
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

function quarantineKey({ source, messageId, enqueueTime, receivedAt }: QuarantineEntry) {
  const date = new Date(enqueueTime ?? receivedAt).toISOString().slice(0, 10);
  return `${QUARANTINE_PREFIX}${source.name}/${date}/${nameOf(messageId)}.json`;
}

/** Ids come from outside where a batch is pushed: no path may come of them, and no key that is too long. */
function nameOf(messageId: string): string {
  if (/\p{Surrogate}/u.test(messageId) || messageId.length > MAX_ID_LENGTH)
    return createHash('sha256').update(messageId).digest('hex');
  return encodeURIComponent(messageId);
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

/** JSON has no bytes: they become `{"base64": …}`. */
function encodeBytes(properties: UserProperties): Record<string, unknown> {
  const encoded = Object.entries(properties).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  ]);
  return Object.fromEntries(encoded);
}
