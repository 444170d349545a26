import type { Deadline } from '../context.ts';
import type { Log } from '../log.ts';
import { parseJson, type Schema, validate } from '../schema.ts';
import type { Queue } from '../smq/queue.ts';
import type { Message } from '../smq/types.ts';

export interface DrainOptions<Payload> {
  /** Schema of the message's JSON body. */
  schema: Schema<Payload>;
  /** Runs for up to 16 messages at a time. What it throws leaves its message in the queue. */
  handle(payload: Payload, message: Message): Promise<void>;
  /** When the invocation ends; no batch is received within `reserveMs` of it. */
  deadline: Pick<Deadline, 'remaining'>;
  /** Time to finish the batch in hand, in milliseconds; default 10,000, and never more than half of what is left at the start. */
  reserveMs?: number;
  log: Log;
}

/** What became of the messages: `received` is the sum of the others. */
export interface DrainReport {
  received: number;
  /** Handled and deleted. */
  handled: number;
  /** Left in the queue: the handler threw, or the delete was refused after it ran. */
  failed: number;
  /** Left in the queue: the body is not JSON or does not fit the schema. */
  invalid: number;
}

type Outcome = 'handled' | 'failed' | 'invalid';

/** The most that one receive gives: SMQ's limit. */
const BATCH_SIZE = 16;
const RESERVE_MS = 10_000;

/**
 * Receives until the queue is empty or the deadline is near. A message is deleted after its
 * handler has succeeded, never before; every other message stays in the queue and becomes visible
 * again after the queue's visibility timeout, for its dead-letter policy to count.
 */
export async function drain<Payload>(
  queue: Queue,
  options: DrainOptions<Payload>,
): Promise<DrainReport> {
  const { deadline, log } = options;
  const reserve = Math.min(options.reserveMs ?? RESERVE_MS, deadline.remaining() / 2);
  const report: DrainReport = { received: 0, handled: 0, failed: 0, invalid: 0 };

  while (deadline.remaining() > reserve) {
    const messages = await queue.receiveBatch({ max: BATCH_SIZE, waitSeconds: 0 });
    if (messages.length === 0) break;
    const outcomes = await Promise.all(messages.map((message) => handleOne(message, options)));
    const done = messages.filter((_, index) => outcomes[index] === 'handled');
    const kept = await deleteAll(queue, done, log);

    report.received += messages.length;
    report.handled += done.length - kept;
    report.failed += outcomes.filter((outcome) => outcome === 'failed').length + kept;
    report.invalid += outcomes.filter((outcome) => outcome === 'invalid').length;
  }

  log.info({ queue: queue.name, ...report }, 'Drained queue');
  return report;
}

async function handleOne<Payload>(
  message: Message,
  { schema, handle, log }: DrainOptions<Payload>,
): Promise<Outcome> {
  const { messageId, dequeueCount } = message;
  let payload: Payload;
  try {
    payload = await validate(schema, parseJson(message.body, 'Message body'), 'Message body');
  } catch (error) {
    log.error({ messageId, dequeueCount, error }, 'Left invalid message in the queue');
    return 'invalid';
  }
  try {
    await handle(payload, message);
    return 'handled';
  } catch (error) {
    log.error({ messageId, dequeueCount, error }, 'Left failed message in the queue');
    return 'failed';
  }
}

/** Deletes what was handled; resolves to how many SMQ kept. A kept one comes again, so handlers must bear a second run. */
async function deleteAll(queue: Queue, messages: Message[], log: Log): Promise<number> {
  if (messages.length === 0) return 0;
  const results = await queue.deleteBatch(messages.map((message) => message.receiptHandle));
  const kept = results.filter((result) => !result.ok);
  for (const [index, result] of results.entries())
    if (!result.ok)
      log.warn({ messageId: messages[index]?.messageId, error: result.error }, 'Not deleted');
  return kept.length;
}
