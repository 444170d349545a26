import type { BucketRecord, ObjectRecord } from '../../oss/store/types.ts';
import type { QueueAttributes } from '../../smq/core/attributes.ts';
import type { KeptMessage } from '../../smq/core/housekeeping.ts';
import type { InspectedMessage } from '../../smq/core/message.ts';
import type { Subscription } from '../../smq/core/subscription.ts';
import type { TopicSpec } from '../../smq/spec.ts';

/**
 * A file with the state of an account: a line of JSON for each thing. The first is a Head, the last
 * an End; the content of an object follows it, in lines of its own. It contains queues, topics,
 * subscriptions and buckets with their settings, messages with their state, and objects. It
 * contains no key, user, role, policy or variable, no log line or invocation, no pending
 * notification and no unfinished upload.
 */
export const FORMAT = 'fc-local-state';
export const VERSION = 1;

export const FILE_TYPE = 'application/x-ndjson';

export interface Head {
  format: typeof FORMAT;
  version: number;
  /**
   * Milliseconds since the epoch. Times in the file are shifted by the time since, so that nothing
   * has aged in transit.
   */
  exportedAt: number;
  accountId: string;
  region: string;
}

export interface End {
  kind: 'end';
  /** Number of lines before this one. */
  lines: number;
  /** Digest of all bytes before this line. */
  sha256: string;
  /** Number of messages and objects from which a value named like a secret was removed. */
  hidden: number;
}

export type StateRecord =
  | ({
      kind: 'queue';
      name: string;
      deadLetter?: { queue: string; maxReceiveCount: number };
    } & QueueAttributes)
  | ({ kind: 'topic' } & TopicSpec)
  | ({ kind: 'subscription' } & Omit<Subscription, 'createTime' | 'lastModifyTime'>)
  | ({ kind: 'message'; queue: string } & KeptMessage)
  | ({ kind: 'bucket' } & BucketRecord)
  /** `hidden`: size, ETag and CRC are not those of this content. */
  | ({ kind: 'object'; hidden?: true } & Omit<ObjectRecord, 'segments'>)
  /** Base64. */
  | { kind: 'content'; data: string };

/** Maximum bytes of a line: fits the largest message, escaped. */
export const MAX_LINE_BYTES = 2 * 1024 * 1024;
/** Bytes of content in one line. */
export const CONTENT_BYTES = 192 * 1024;

/** Returns a message of a queue without its derived properties. */
export function kept({ state: _, bodyMd5: __, ...message }: InspectedMessage): KeptMessage {
  return message;
}
