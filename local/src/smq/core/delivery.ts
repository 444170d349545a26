import type { Publication } from './notification.ts';

/**
 * A notification on its way to an endpoint. It is stored from the acknowledgement of the
 * publication until the endpoint has accepted it or the last attempt has failed.
 */
export interface Delivery {
  /** Number in order of publication; also the key in the store. */
  id: number;
  subscription: string;
  /**
   * When the subscription was created: a later one of the same name gets none of its deliveries.
   */
  subscribedAt: number;
  publication: Publication;
  /**
   * `pending`: being attempted, or waiting for its next attempt. `recorded`: for mail or SMS, which
   * are not sent. `undeliverable`: given up.
   */
  state: 'pending' | 'recorded' | 'undeliverable';
  /** Number of failed attempts. */
  failures: number;
  /** When the next attempt is due, in milliseconds since the epoch. */
  dueAt: number;
  /** Endpoint of the next, or last, attempt. */
  endpoint: string;
  /** Error of the last attempt. */
  error?: string;
  /** Text that a mail or SMS would have. */
  text?: string;
}

/** A notification for an HTTP endpoint. */
export interface HttpNotification {
  url: string;
  publication: Publication;
  subscription: string;
  format: 'XML' | 'JSON' | 'SIMPLIFIED' | 'STREAM';
  body: string;
}

/**
 * Posts a notification; rejects with the reason unless the endpoint accepted it. `signal` aborts
 * it.
 */
export type Push = (notification: HttpNotification, signal: AbortSignal) => Promise<void>;

/** An attempt failed in a way that no retry can change. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}
