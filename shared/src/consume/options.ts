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

/** What a handler gets besides the payload. */
export interface Delivery extends Incoming {
  /** 1 for the first try. */
  attempt: number;
  /** Fires when the message is not this handler's any more (its lease is lost) or the invocation is about to end: stop, and do nothing more that others could see. */
  signal: AbortSignal;
  /** This message's place in its trace: pass it on by `formatTraceparent`. */
  trace: Trace;
  /** Each line carries messageId, traceId and spanId. */
  log: Log;
}

export type Handle<Payload> = (payload: Payload, delivery: Delivery) => Promise<unknown>;

export interface Idempotency<Payload> {
  store: IdempotencyStore;
  /** Names the side effect: two messages of the same key run it once. */
  key(payload: Payload, message: Incoming): string;
}

export interface ConsumeOptions<Payload> {
  /** Schema of the message's JSON body: any library that speaks Standard Schema. */
  schema: Schema<Payload>;
  /** How producers send bodies; default `text`. What is sent as another than this says is poison. */
  encoding?: BodyEncoding;
  /** An InvalidInputError means that this message can never be handled, unless its status is 409; any other error, that it may be tried again. */
  handle: Handle<Payload>;
  /** The bucket of payloads too large for a message: a body that is a claim check is handled as the payload it names. Needs oss:GetObject under `claims/`. */
  claims?: OssClient;
  /** Bytes of such payloads that are in memory together, whatever the concurrency: a message whose payload has no room waits until others are done with, and one of more is handled while no other is. Each takes several times its size (its bytes, its text, what is parsed of it). Default 64 MiB, for a function of 512 MB; the payloads themselves have 32 MiB at most. */
  maxClaimBytes?: number;
  /** When the invocation ends. */
  deadline: Pick<Deadline, 'remaining'>;
  /** No message is begun within it, in milliseconds; default 10,000, and never more than half of what is left at the start. Handlers still running a quarter of it (2 seconds at most) before the end have their signal fired. */
  reserveMs?: number;
  /** The most handlers at a time; default 16. */
  concurrency?: number;
  /** Runs the handler once for each key, however often the message comes. */
  idempotency?: Idempotency<Payload>;
  /** Where poison goes. Without one it is treated as any failed message. */
  quarantine?: Quarantine;
  /** A message that fails in this try or a later one, and is itself to blame, is poison: its error is neither a retryable ServiceError nor one of configuration or permission. Default 5. */
  maxOwnFailures?: number;
  /** A message that fails in this try is poison whatever the reason; default three times `maxOwnFailures`. One that comes even after that, because its tries end the process or are cut off, goes to quarantine without another try, before anything is made of its body. */
  maxTries?: number;
  log: Log;
  clock?: Clock;
}

/** What became of the messages: `received` is the sum of the others. */
export interface ConsumeReport {
  received: number;
  /** Handled and acknowledged; a repeated one whose side effect had been run before counts too. */
  handled: number;
  /** Tried, and left to be tried again. */
  failed: number;
  /** Not begun, and given back: the deadline was near, or another instance is at it. */
  returned: number;
  /** In quarantine. */
  dead: number;
}
