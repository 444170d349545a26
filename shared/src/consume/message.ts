import type { UserProperties } from '../smq/types.ts';

/** A message that came from somewhere, before anything has been made of its body. */
export interface Incoming {
  messageId: string;
  /** Where it came from. */
  source: Source;
  body: string;
  userProperties: UserProperties;
  /** What the producer's SDK or the service has put beside them, where the source gives it: `traceparent`, `baggage`, dead-letter facts. */
  systemProperties?: Readonly<Record<string, string>> | undefined;
  /** Of an ordered message: its group, whose messages are handled one after the other. */
  messageGroupId?: string | undefined;
  /** The number of this try, from 1, where the source counts; otherwise the idempotency store's count is used. */
  attempt?: number | undefined;
  /** Milliseconds since the epoch, where the source says. */
  enqueueTime?: number | undefined;
}

export interface Source {
  kind: 'queue' | 'topic';
  name: string;
}

/** The name of a source that is not known. */
export const UNKNOWN_SOURCE = 'unknown';
