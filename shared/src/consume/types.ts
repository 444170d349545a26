import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../context/context.ts';
import type { Trace } from '../context/trace.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import type { Log } from '../log/log.ts';
import type { Schema } from '../schema/validate.ts';
import type { UserProperties } from '../smq/types.ts';
import type { Quarantine } from './quarantine.ts';

/** A message that came from somewhere, before anything has been made of its body. */
export interface Incoming {
  messageId: string;
  /** Where it came from. */
  source: Source;
  body: string;
  userProperties: UserProperties;
  /** The number of this try, from 1, where the source counts; otherwise the idempotency store's count is used. */
  attempt?: number | undefined;
  /** Milliseconds since the epoch, where the source says. */
  enqueueTime?: number | undefined;
}

export interface Source {
  kind: 'queue' | 'topic';
  name: string;
}

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

/** What a body stands for: itself, or a payload kept elsewhere (a claim check). */
export interface Opened {
  body: string;
  /** Runs once the message is acknowledged, for good. What it throws is logged. */
  acknowledged?(): Promise<void>;
}

export interface Idempotency<Payload> {
  store: IdempotencyStore;
  /** Names the side effect: two messages of the same key run it once. */
  key(payload: Payload, message: Incoming): string;
}

export interface ConsumeOptions<Payload> {
  /** Schema of the message's JSON body: any library that speaks Standard Schema. */
  schema: Schema<Payload>;
  /** An InvalidInputError means that this message can never be handled; any other error, that it may be tried again. */
  handle: Handle<Payload>;
  /** Fetches what a body stands for; default the body itself. An InvalidInputError makes the message poison. */
  open?(body: string, message: Incoming): Promise<Opened>;
  /** When the invocation ends. */
  deadline: Pick<Deadline, 'remaining'>;
  /** No message is begun within it, in milliseconds; default 10,000, and never more than half of what is left at the start. Handlers still running a quarter of it (2 seconds at most) before the end are told to stop. */
  reserveMs?: number;
  /** The most handlers at a time; default 16. */
  concurrency?: number;
  /** Runs the handler once for each key, however often the message comes. */
  idempotency?: Idempotency<Payload>;
  /** Where poison goes. Without one it is treated as any failed message. */
  quarantine?: Quarantine;
  /** A message is poison when it has failed in this many tries and is itself to blame: its error is neither a retryable ServiceError nor one of configuration or permission. */
  maxReceives?: number;
  /** A message is poison after this many tries whatever the reason; default three times `maxReceives`. One that comes even after that, because its tries end the process or are cut off, goes to quarantine without another try. */
  mostReceives?: number;
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
