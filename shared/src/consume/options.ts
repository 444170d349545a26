import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../context/deadline.ts';
import type { Trace } from '../context/trace.ts';
import type { BodyEncoding } from '../events/body-encoding.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import type { Log } from '../log/log.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import type { Schema } from '../schema/validate.ts';
import type { Incoming } from './message.ts';
import type { Quarantine } from './quarantine.ts';

/** What a handler gets in addition to the payload. */
export interface Delivery extends Incoming {
  /** 1 for the first try. */
  attempt: number;
  /**
   * Fires when the message is no longer this handler's (its lease is lost) or the invocation is about to
   * end. Stop then, and do nothing more that has visible effects.
   */
  signal: AbortSignal;
  /** This message's place in its trace; pass it on with `formatTraceparent`. */
  trace: Trace;
  /** Each line carries messageId, traceId and spanId. */
  log: Log;
}

export type Handle<Payload> = (payload: Payload, delivery: Delivery) => Promise<unknown>;

export interface Idempotency<Payload> {
  store: IdempotencyStore;
  /** Returns the name of the side effect, which runs once for all messages of the same key. */
  key(payload: Payload, message: Incoming): string;
}

export interface ConsumeOptions<Payload> {
  /** Schema of the message's JSON body, from any library that supports Standard Schema. */
  schema: Schema<Payload>;
  /** How producers encode bodies; default `text`. A body that is not encoded this way is poison. */
  encoding?: BodyEncoding;
  /**
   * Handles a payload. An InvalidInputError means that this message can never be handled, unless its status
   * is 409; any other error means that it may be tried again.
   */
  handle: Handle<Payload>;
  /**
   * The bucket of payloads too large for a message: a body that is a claim check is replaced by the payload
   * it names. Needs oss:GetObject under `claims/`.
   */
  claims?: OssClient;
  /**
   * Bytes of such payloads in memory together, whatever the concurrency. A message whose payload has no
   * room waits until others are done, and a larger one is handled while no other is. Each payload takes
   * several times its size in memory (its bytes, its text, the parsed value). Default 64 MiB, for a
   * function of 512 MB; a payload has 32 MiB at most.
   */
  maxClaimBytes?: number;
  /** When the invocation ends. */
  deadline: Pick<Deadline, 'remaining'>;
  /**
   * Time at the end, in ms, in which no message is started; default 10,000, and never more than half of the
   * time left at the start. Handlers that still run a quarter of it (2 seconds at most) before the end have
   * their signal fired.
   */
  reserveMs?: number;
  /** Maximum number of handlers at a time; default 16. */
  concurrency?: number;
  /** Runs the handler once for each key, however often a message comes. */
  idempotency?: Idempotency<Payload>;
  /** Where poison is kept. Without it, poison is treated like any failed message. */
  quarantine?: Quarantine;
  /**
   * Number of the try from which a message that is itself to blame for its failure is poison: its error is
   * neither a retryable ServiceError nor one of configuration or permission. Default 5.
   */
  maxOwnFailures?: number;
  /**
   * Number of the try from which a failed message is poison whatever the reason; default three times
   * `maxOwnFailures`. A message that comes even after that, because its tries end the process or are cut
   * off, goes to quarantine without another try, before its body is read.
   */
  maxTries?: number;
  log: Log;
  clock?: Clock;
}

/** What became of the messages: `received` is the sum of the other counts. */
export interface ConsumeReport {
  received: number;
  /** Handled and acknowledged, including repeated messages whose side effect was run before. */
  handled: number;
  /** Tried, and left to be tried again. */
  failed: number;
  /** Given back unstarted: the deadline was near, or another instance is handling it. */
  returned: number;
  /** In quarantine. */
  dead: number;
}
