import type { DeadLetterPolicy, QueueAttributes, TopicAttributes } from './attributes.ts';
import type { Delivery } from './delivery.ts';
import type { Lease, MessageContent } from './message.ts';
import type { Subscription } from './subscription.ts';

export interface QueueRecord {
  /** Never reused, so that a later queue of the same name gets none of the old messages. */
  id: number;
  name: string;
  attributes: QueueAttributes;
  deadLetter?: DeadLetterPolicy;
  /** Milliseconds since the epoch. */
  createTime: number;
  lastModifyTime: number;
}

export interface TopicRecord {
  name: string;
  attributes: TopicAttributes;
  createTime: number;
  lastModifyTime: number;
}

/** Stored records, by table. A message's content is written once; only its small lease changes. */
export interface Tables {
  queues: QueueRecord;
  topics: TopicRecord;
  subscriptions: Subscription;
  messages: MessageContent;
  leases: Lease;
  deliveries: Delivery;
  settings: string | number;
}

export type Table = keyof Tables;
/**
 * Key of a record. Messages and leases: queue id and sequence. Subscriptions: topic and name.
 * Deliveries: their number, as text.
 */
export type Key = string | [number, number] | [string, string];

/** One write; without a value it removes the key. */
export type Change = {
  [T in Table]: { table: T; key: Key; value?: Tables[T] };
}[Table];

export interface Store {
  /** Returns everything in a table, in order of key. */
  read<T extends Table>(table: T): Iterable<{ key: Key; value: Tables[T] }>;
  /**
   * Writes all changes or none; resolves when they would survive the end of the process. When they
   * cannot be written, it calls `undo`, which reverts the changes in memory, and rejects. Commits
   * that are written together fail together: then their undos run in sequence, the latest first,
   * with nothing in between, so that each finds the memory as its own change left it.
   */
  commit(changes: readonly Change[], undo?: () => void): Promise<void>;
  /**
   * Resolves when all earlier commits are written, rejects when they cannot be; undefined when none
   * is outstanding. Await it before an answer that shows, or depends on, what another request may
   * have changed only in memory so far.
   */
  pending(): Promise<void> | undefined;
  close(): Promise<void>;
}
