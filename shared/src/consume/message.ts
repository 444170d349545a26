import type { UserProperties } from '../smq/types.ts';

/** A message as its source gave it, before its body is read. */
export interface Incoming {
  messageId: string;
  /** Where it came from. */
  source: Source;
  body: string;
  userProperties: UserProperties;
  /**
   * Properties set by the producer's SDK or the service, where the source gives them: `traceparent`,
   * `baggage`, dead-letter facts.
   */
  systemProperties?: Readonly<Record<string, string>> | undefined;
  /** Group of an ordered message; messages of one group are handled one after the other. */
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

/** The name of an unknown source. */
export const UNKNOWN_SOURCE = 'unknown';
