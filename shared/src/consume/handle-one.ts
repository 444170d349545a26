import { resolveClaim } from '../claims/claim-checks.ts';
import { childTrace, parseTraceparent, TRACEPARENT } from '../context/trace.ts';
import {
  AppError,
  ConfigurationError,
  CredentialsError,
  InvalidInputError,
  isTransient,
  ServiceError,
  toError,
} from '../errors/errors.ts';
import { idempotent } from '../idempotency/idempotent.ts';
import { type Log, withFields } from '../log/log.ts';
import { parseJson, validate } from '../schema/validate.ts';
import type { Incoming } from './message.ts';
import type { ConsumeOptions, Delivery, Idempotency } from './options.ts';

/** What came of a message, before it is acknowledged or given back. */
export type Verdict = { attempt: number; traceId: string; log: Log } & (
  | { outcome: 'handled' }
  /** Another instance is handling it, or another message of the same key. */
  | { outcome: 'busy' }
  /** It may be tried again. */
  | { outcome: 'failed'; error: Error }
  /** It can never be handled. `payload` is what its claim check names, where that was fetched. */
  | { outcome: 'poison'; error: Error; payload?: string }
);

const MAX_OWN_FAILURES = 5;
/** Tries for each of a message's own failures, when it is not itself to blame. */
const TRIES_PER_OWN_FAILURE = 3;

/** Fetches, parses and validates a message's payload and runs its handler, once for its key where there is an idempotency store. Never rejects. */
export async function handleOne<Payload>(
  incoming: Incoming,
  options: ConsumeOptions<Payload>,
  signal: AbortSignal,
): Promise<Verdict> {
  const trace = childTrace(parseTraceparent(incoming.userProperties[TRACEPARENT]));
  const { messageId } = incoming;
  const { traceId, spanId } = trace;
  const log = withFields(options.log, { messageId, traceId, spanId });
  const delivery = { ...incoming, attempt: incoming.attempt ?? 1, signal, trace, log };
  const verdict = { attempt: delivery.attempt, traceId, log };
  const { maxOwnFailures = MAX_OWN_FAILURES } = options;
  const { maxTries = maxOwnFailures * TRIES_PER_OWN_FAILURE } = options;
  const work = async (payload: Payload) => {
    // Fetching the payload or claiming the key may have taken longer than the lease.
    signal.throwIfAborted();
    if (options.quarantine) checkTries(delivery.attempt, maxTries);
    await options.handle(payload, delivery);
  };
  let { body } = incoming;
  try {
    if (options.claims) body = (await resolveClaim(options.claims, body)).body;
    const json = parseJson(body, 'Message body');
    const payload = await validate(options.schema, json, 'Message body');
    const outcome = await runOnce(work, payload, incoming, delivery, options.idempotency);
    return { ...verdict, outcome };
  } catch (thrown) {
    const error = toError(thrown);
    const { attempt } = delivery; // the store may have counted
    const worn = attempt >= maxTries || (attempt >= maxOwnFailures && isToBlame(error));
    if (!worn && !isInvalid(error)) return { ...verdict, attempt, outcome: 'failed', error };
    const fetched = body !== incoming.body && { payload: body };
    return { ...verdict, attempt, outcome: 'poison', error, ...fetched };
  }
}

async function runOnce<Payload>(
  work: (payload: Payload) => Promise<void>,
  payload: Payload,
  incoming: Incoming,
  delivery: Delivery,
  idempotency: Idempotency<Payload> | undefined,
): Promise<'handled' | 'busy'> {
  if (!idempotency) {
    await work(payload);
    return 'handled';
  }
  const { log } = delivery;
  const key = idempotency.key(payload, delivery);
  const counted = async (attempt = 1) => {
    // The source's own count is better: the store counts by key, which several messages may have.
    if (incoming.attempt === undefined) delivery.attempt = attempt;
    await work(payload);
  };
  const { state } = await idempotent(idempotency.store, key, counted, log);
  if (state === 'in-progress') log.info({ key }, 'Another instance is at it');
  if (state === 'completed') log.info({ key }, 'Skipped repeated message');
  return state === 'in-progress' ? 'busy' : 'handled';
}

/** Throws for a message that has had all its tries and comes again: they ended the process or were cut off, and so would the next. */
function checkTries(count: number, max: number): void {
  if (count <= max) return;
  throw new AppError(`Message has come ${count} times, over the limit of ${max}`, {
    code: 'TooManyReceives',
    remedy: 'look in the logs for tries of it that timed out or ended the process',
  });
}

/** Whether the message itself is wrong and will be. A conflict is with what there is at the moment. */
function isInvalid(error: Error): boolean {
  return error instanceof InvalidInputError && error.status !== 409;
}

/** False for what would have befallen any message at that moment. */
function isToBlame(error: Error): boolean {
  return !(
    isTransient(error) ||
    error instanceof ConfigurationError ||
    error instanceof CredentialsError ||
    (error instanceof ServiceError && (error.status === 403 || error.code === 'NoSuchBucket'))
  );
}
