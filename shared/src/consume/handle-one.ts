import { parseClaim, resolveClaim } from '../claims/claim-checks.ts';
import { BAGGAGE, childTrace, parseTrace, TRACEPARENT, type Trace } from '../context/trace.ts';
import { cut } from '../errors/cut.ts';
import {
  AppError,
  ConfigurationError,
  CredentialsError,
  hasCode,
  InvalidInputError,
  isTransient,
  ServiceError,
  toError,
} from '../errors/errors.ts';
import { decodeBody, looksEncoded } from '../events/body-encoding.ts';
import { idempotent } from '../idempotency/idempotent.ts';
import { type Log, withFields } from '../log/log.ts';
import { parseJson, validate } from '../schema/validate.ts';
import type { ClaimMemory } from './claim-memory.ts';
import type { Incoming } from './message.ts';
import type { ConsumeOptions, Delivery, Idempotency } from './options.ts';

/** The result of a message, before it is acknowledged or given back. */
export type Verdict = { attempt: number; traceId: string; log: Log } & (
  | { outcome: 'handled' }
  /** Another instance is handling it, or is handling another message of the same key. */
  | { outcome: 'busy'; key: string }
  /** It may be tried again. */
  | { outcome: 'failed'; error: Error }
  /**
   * It can never be handled. `payload` is what its claim check names, if that was fetched; call `release`
   * once it is kept elsewhere.
   */
  | { outcome: 'poison'; error: Error; payload?: string; release(): void }
);

const MAX_OWN_FAILURES = 5;
/** Tries allowed for each allowed failure of the message's own, when it is not itself to blame. */
const TRIES_PER_OWN_FAILURE = 3;

/**
 * Fetches, parses and validates a message's payload and runs its handler, once for each key if there is an
 * idempotency store. Never rejects.
 */
export async function handleOne<Payload>(
  incoming: Incoming,
  options: ConsumeOptions<Payload>,
  signal: AbortSignal,
  memory: ClaimMemory,
): Promise<Verdict> {
  const trace = childTrace(traceOf(incoming));
  const messageId = cut(incoming.messageId);
  const { traceId, spanId } = trace;
  const log = withFields(options.log, { messageId, traceId, spanId });
  const delivery = deliveryOf(incoming, signal, trace, log);
  const { maxOwnFailures = MAX_OWN_FAILURES } = options;
  const { maxTries = maxOwnFailures * TRIES_PER_OWN_FAILURE } = options;
  const checkCount = () => {
    if (options.quarantine) checkTries(delivery.attempt, maxTries);
  };
  const work = async (payload: Payload) => {
    // Fetching the payload or claiming the key may have taken longer than the lease.
    signal.throwIfAborted();
    checkCount(); // the store may have counted
    await options.handle(payload, delivery);
  };
  let fetched: { payload?: string } = {};
  let release = () => {};
  try {
    checkCount(); // before the body is read: reading it may be what ends the process
    const text = decodeBody(incoming.body, options.encoding);
    const { claims } = options;
    const claim = claims && parseClaim(text);
    if (claim) release = await memory.take(claim.size, signal);
    const { body } = claims ? await resolveClaim(claims, text) : { body: text };
    if (claim) fetched = { payload: body };
    const json = parseBody(body);
    const payload = await validate(options.schema, json, 'Message body');
    const done = await runOnce(work, payload, incoming, delivery, options.idempotency);
    release();
    const { attempt } = delivery;
    return done.outcome === 'busy'
      ? { outcome: 'busy', key: done.key, attempt, traceId, log }
      : { outcome: 'handled', attempt, traceId, log };
  } catch (thrown) {
    const error = toError(thrown);
    const { attempt } = delivery; // the store may have counted
    const worn = attempt >= maxTries || (attempt >= maxOwnFailures && isToBlame(error));
    if (worn || isInvalid(error))
      return { outcome: 'poison', error, ...fetched, release, attempt, traceId, log };
    release();
    return { outcome: 'failed', error, attempt, traceId, log };
  }
}

/** Names each field: V8 takes fifty times as long to spread so many. */
function deliveryOf(incoming: Incoming, signal: AbortSignal, trace: Trace, log: Log): Delivery {
  return {
    messageId: incoming.messageId,
    source: incoming.source,
    body: incoming.body,
    userProperties: incoming.userProperties,
    systemProperties: incoming.systemProperties,
    messageGroupId: incoming.messageGroupId,
    attempt: incoming.attempt ?? 1,
    enqueueTime: incoming.enqueueTime,
    signal,
    trace,
    log,
  };
}

/**
 * Returns the trace in the message's own properties, else the one its producer's SDK put into the system
 * properties.
 */
function traceOf({ userProperties, systemProperties = {} }: Incoming): Trace | undefined {
  return (
    parseTrace(userProperties[TRACEPARENT], userProperties[BAGGAGE]) ??
    parseTrace(systemProperties[TRACEPARENT], systemProperties[BAGGAGE])
  );
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body, 'Message body');
  } catch (cause) {
    if (!hasCode(cause, 'InvalidJson') || !looksEncoded(body)) throw cause;
    throw new InvalidInputError(
      'Message body looks like base64, and is not JSON before it is decoded',
      {
        code: 'InvalidJson',
        cause,
        remedy:
          "set encoding: 'base64' (or 'auto'), as the SDKs for PHP, Python and Java encode bodies",
      },
    );
  }
}

async function runOnce<Payload>(
  work: (payload: Payload) => Promise<void>,
  payload: Payload,
  incoming: Incoming,
  delivery: Delivery,
  idempotency: Idempotency<Payload> | undefined,
): Promise<{ outcome: 'handled' } | { outcome: 'busy'; key: string }> {
  if (!idempotency) {
    await work(payload);
    return { outcome: 'handled' };
  }
  const { log } = delivery;
  const key = idempotency.key(payload, delivery);
  const counted = async (attempt = 1) => {
    // The source's own count is better: the store counts by key, which several messages may share.
    if (incoming.attempt === undefined) delivery.attempt = attempt;
    await work(payload);
  };
  const { state } = await idempotent(idempotency.store, key, counted, log);
  if (state === 'in-progress') return { outcome: 'busy', key };
  if (state === 'completed') log.info({ key: cut(key) }, 'Skipped repeated message');
  return { outcome: 'handled' };
}

/** Logs that another instance is handling the message. */
export function logBusy({ log, key }: Verdict & { outcome: 'busy' }): void {
  log.info({ key: cut(key) }, 'Another instance is at it');
}

/**
 * Throws for a message that has used up its tries and comes again: earlier tries ended the process or were
 * cut off, and the next one would be, too.
 */
function checkTries(count: number, max: number): void {
  if (count <= max) return;
  throw new AppError(`Message has come ${count} times, over the limit of ${max}`, {
    code: 'TooManyReceives',
    remedy: 'look in the logs for tries of it that timed out or ended the process',
  });
}

/** Whether the message itself is wrong and will stay so. A conflict (409) may pass. */
function isInvalid(error: Error): boolean {
  return error instanceof InvalidInputError && error.status !== 409;
}

/** False if any message would have failed then: outage, missing permission, wrong configuration. */
function isToBlame(error: Error): boolean {
  return !(
    isTransient(error) ||
    error instanceof ConfigurationError ||
    error instanceof CredentialsError ||
    (error instanceof ServiceError && (error.status === 403 || error.code === 'NoSuchBucket'))
  );
}
