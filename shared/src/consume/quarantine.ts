import { createHash } from 'node:crypto';
import { LONE_SURROGATE } from '../errors/cut.ts';
import { AppError, InvalidInputError, type Issue } from '../errors/errors.ts';
import { redact } from '../log/redact.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import type { UserProperties } from '../smq/types.ts';
import type { Incoming, Source } from './message.ts';

/** A poison message with everything known about it. Times are in milliseconds since the epoch. */
export interface QuarantineEntry {
  messageId: string;
  source: Source;
  /** As it was received. */
  body: string;
  /** Payload of a claim check, kept because its object may be deleted before a redrive. */
  payload?: string | undefined;
  userProperties: UserProperties;
  /** Group in whose order the message was, for a message that had one. */
  messageGroupId?: string | undefined;
  error: { name: string; code?: string; message: string };
  /** What is wrong with the body, if that is the reason. */
  issues: readonly Issue[];
  /** How often it has been received or tried. */
  dequeueCount: number;
  enqueueTime?: number | undefined;
  receivedAt: number;
  /** Id of the invocation's trace. */
  traceId?: string | undefined;
}

/** Where poison messages are kept. */
export interface Quarantine {
  /** Keeps the entry and resolves to its place. The message is deleted after that, never before. */
  put(entry: QuarantineEntry): Promise<string>;
}

/** Maximum characters of a message's id in a key, each of which may take nine bytes; SMQ's own ids have 32. */
const MAX_ID_LENGTH = 80;

/** Prefix of the object keys in quarantine. */
export const QUARANTINE_PREFIX = 'quarantine/';

/**
 * Keeps quarantine in a bucket, one object for each message: `quarantine/<queue>/<date>/<messageId>.json`
 * (with the SHA-256 of an id of more than 80 characters). The date is that on which the message was sent
 * (UTC), so that a message quarantined twice is one object. Needs oss:PutObject.
 */
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

/** Ids of a pushed batch come from outside: they must not form a path, nor a key that is too long. */
function nameOf(messageId: string): string {
  if (LONE_SURROGATE.test(messageId) || messageId.length > MAX_ID_LENGTH)
    return createHash('sha256').update(messageId).digest('hex');
  return encodeURIComponent(messageId);
}

/** Makes the quarantine entry of a message and the error it failed with. */
export function quarantineEntry(
  { messageId, messageGroupId, source, body, userProperties, enqueueTime }: Incoming,
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
    ...(messageGroupId !== undefined && { messageGroupId }),
    body,
  };
}

/** JSON cannot hold bytes: they become `{"base64": …}`. */
function encodeBytes(properties: UserProperties): Record<string, unknown> {
  const encoded = Object.entries(properties).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  ]);
  return Object.fromEntries(encoded);
}
