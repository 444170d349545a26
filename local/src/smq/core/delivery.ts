import type { Publication } from './notification.ts';

/**
 * A notification on its way to an endpoint. It is kept from the moment the publication is
 * acknowledged until the endpoint has taken it or the last try has failed.
 */
export interface Delivery {
  /** Order of publication, and the key in the store. */
  id: number;
  subscription: string;
  /** When the subscription was made: one made later under the same name gets nothing of this. */
  subscribedAt: number;
  publication: Publication;
  /** `pending`: tried, or waiting for its next try. `recorded`: for mail or SMS, which are sent nowhere. `undeliverable`: given up. */
  state: 'pending' | 'recorded' | 'undeliverable';
  /** Tries that failed. */
  failures: number;
  /** When the next try is due, in milliseconds since the epoch. */
  dueAt: number;
  /** Where it goes, or went last. */
  endpoint: string;
  /** What the last try met. */
  error?: string;
  /** What a mail or SMS would say. */
  text?: string;
}

/** What goes to an HTTP endpoint. */
export interface HttpNotification {
  url: string;
  publication: Publication;
  subscription: string;
  format: 'XML' | 'JSON' | 'SIMPLIFIED' | 'STREAM';
  body: string;
}

/** Posts a notification; rejects, saying why, unless the endpoint took it. `signal` ends it at once. */
export type Push = (notification: HttpNotification, signal: AbortSignal) => Promise<void>;

/** A try failed in a way after which no other try would help. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}
