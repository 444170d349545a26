import { childTrace, parseTraceparent, TRACEPARENT } from '../context/trace.ts';
import {
  AppError,
  ConfigurationError,
  CredentialsError,
  InvalidInputError,
  ServiceError,
} from '../errors/errors.ts';
import { type Log, withFields } from '../log/log.ts';
import { isTransient } from '../retry/retry.ts';
import { parseJson, validate } from '../schema/validate.ts';
import type { ConsumeOptions, Delivery, Idempotency, Incoming, Opened } from './types.ts';

/** What came of a message, before it is acknowledged or given back. */
export type Verdict = { attempt: number; traceId: string; log: Log } & (
  | { outcome: 'handled'; acknowledged?: Opened['acknowledged'] }
  /** Another instance is handling it, or another message of the same key. */
  | { outcome: 'busy' }
  /** It may be tried again. */
  | { outcome: 'failed'; error: Error }
  /** It can never be handled. `payload` is what the body stood for, where it was opened. */
  | { outcome: 'poison'; error: Error; payload?: string }
);

const MAX_RECEIVES = 5;
/** A message may fail this many times as often when it is not itself to blame. */
const PATIENCE = 3;

/** Opens, parses and validates a message and runs its handler, once for its key where there is an idempotency store. Never rejects. */
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
  const { maxReceives = MAX_RECEIVES, mostReceives = maxReceives * PATIENCE } = options;
  const work = async (payload: Payload) => {
    // Opening the body or claiming the key may have taken longer than the lease.
    signal.throwIfAborted();
    if (options.quarantine) checkCount(delivery.attempt, mostReceives);
    await options.handle(payload, delivery);
  };
  let opened: Opened | undefined;
  try {
    opened = options.open && (await options.open(incoming.body, incoming));
    const { body, acknowledged }: Opened = opened ?? incoming;
    const json = parseJson(body, 'Message body');
    const payload = await validate(options.schema, json, 'Message body');
    const outcome = await runOnce(work, payload, incoming, delivery, options.idempotency);
    return { ...verdict, outcome, ...(acknowledged && { acknowledged }) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const { attempt } = delivery; // the store may have counted
    const worn = attempt >= mostReceives || (attempt >= maxReceives && isToBlame(error));
    if (!worn && !(error instanceof InvalidInputError))
      return { ...verdict, attempt, outcome: 'failed', error };
    const elsewhere = opened && opened.body !== incoming.body && { payload: opened.body };
    return { ...verdict, attempt, outcome: 'poison', error, ...elsewhere };
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
  const { store } = idempotency;
  const { log } = delivery;
  const key = idempotency.key(payload, delivery);
  const claim = await store.claim(key);
  if (claim.state === 'in-progress') {
    log.info({ key }, 'Another instance is at it');
    return 'busy';
  }
  if (claim.state === 'completed') {
    log.info({ key }, 'Skipped repeated message');
    return 'handled';
  }
  // The source's own count is better: the store counts by key, which several messages may have.
  if (incoming.attempt === undefined) delivery.attempt = claim.attempt ?? 1;
  try {
    await work(payload);
  } catch (error) {
    // Unreleased it expires, only later.
    await store.release(key).catch((reason) => log.warn({ key, error: reason }, 'Not released'));
    throw error;
  }
  // The side effect has been run: trying the message again would run it twice.
  await store.complete(key).catch((error) => log.error({ key, error }, 'Done and not remembered'));
  return 'handled';
}

/** Throws for a message that has had all its tries and comes again: they ended the process or were cut off, and so would the next. */
function checkCount(count: number, most: number): void {
  if (count <= most) return;
  throw new AppError(`Message has come ${count} times, over the limit of ${most}`, {
    code: 'TooManyReceives',
    remedy: 'look in the logs for tries of it that timed out or ended the process',
  });
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
