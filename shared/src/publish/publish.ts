import { checkIn } from '../claims/claims.ts';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import { formatTraceparent, TRACEPARENT, type Trace } from '../context/trace.ts';
import type { Log } from '../log/log.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import { bodyBytes } from '../smq/message.ts';
import { Queue } from '../smq/queue.ts';
import type { Topic } from '../smq/topic.ts';
import type { ItemResult, PublishOptions as MessageOptions, SendOptions } from '../smq/types.ts';
import { batches } from './batches.ts';
import { check, encode, isTooLarge } from './encode.ts';
import { cloudEvent, type EnvelopeOptions } from './envelope.ts';
import { type Claimed, claimKey, type Once } from './once.ts';

/** One message to be. Tag and attributes are a topic's, delay and priority a queue's. */
export interface Item extends MessageOptions, SendOptions {
  /** A string is sent as it is, anything else as JSON. */
  payload: unknown;
}

export interface PublishSettings {
  /** Where payloads go that are too large for a message; without one they are refused (`PayloadTooLarge`). */
  claims?: OssClient;
  /** Puts each payload into a CloudEvents envelope. */
  envelope?: EnvelopeOptions;
  /** Goes into each message's properties as `traceparent`, and into its envelope. */
  trace?: Trace;
  /** Makes a repeated call publish nothing that was published before. */
  once?: Once;
  /** Requests at a time; default 8. */
  concurrency?: number;
  log?: Pick<Log, 'warn'>;
}

export interface Published {
  messageId: string;
  /** The payload's object, when the message holds a claim check. */
  claimKey?: string;
  /** Published by an earlier call under the same key. */
  replayed?: true;
}

const CONCURRENCY = 8;

interface Prepared {
  item: Item;
  body: string;
  claimed?: Claimed;
  claimKey?: string;
}

type Outcome = ItemResult<Published>;
type Send = (prepared: readonly Prepared[]) => Promise<ItemResult<{ messageId: string }>[]>;

/**
 * Publishes any number of messages; the results are in the items' order, each its own: an item that
 * is invalid (`PayloadTooLarge`, `InvalidCharacter`, `InvalidTag`, …) or fails keeps none of the
 * others. A queue takes 16 to a request; a topic has no batch, so each goes by itself. An item that
 * failed with a `retryable` ServiceError may have been published: sending it again may duplicate
 * it, as SMQ itself may.
 */
export async function publish(
  target: Queue | Topic,
  items: readonly Item[],
  settings: PublishSettings = {},
): Promise<Outcome[]> {
  const { concurrency = CONCURRENCY } = settings;
  const outcomes: Outcome[] = [];
  const ready: { index: number; prepared: Prepared }[] = [];
  await mapConcurrently(items, concurrency, async (item, index) => {
    try {
      const prepared = await prepare(item, index, settings);
      if ('messageId' in prepared) outcomes[index] = { ok: true, value: prepared };
      else ready.push({ index, prepared });
    } catch (error) {
      outcomes[index] = { ok: false, error: toError(error) };
    }
  });
  ready.sort((a, b) => a.index - b.index);

  const isQueue = target instanceof Queue;
  const send = isQueue ? sendTo(target) : publishTo(target);
  const runs = isQueue
    ? batches(ready, ({ prepared }) => bodyBytes(prepared.body))
    : ready.map((one) => [one]);
  await mapConcurrently(runs, concurrency, async (run) => {
    const results = await sendRun(
      send,
      run.map(({ prepared }) => prepared),
    );
    await Promise.all(
      run.map(async ({ index, prepared }, place) => {
        const result = results[place] ?? { ok: false, error: new Error('No result') };
        outcomes[index] = await settle(prepared, result, settings.log);
      }),
    );
  });
  return outcomes;
}

/** `publish` for one message; throws its error. */
export async function publishOne(
  target: Queue | Topic,
  item: Item,
  settings: PublishSettings = {},
): Promise<Published> {
  const [outcome] = await publish(target, [item], settings);
  if (outcome?.ok) return outcome.value;
  throw outcome?.error;
}

/** Everything that comes before the request. What the same key has published already needs none. */
async function prepare(
  given: Item,
  index: number,
  { claims, envelope, once, trace, log }: PublishSettings,
): Promise<Prepared | Published> {
  const traced = trace && { [TRACEPARENT]: formatTraceparent(trace) };
  const item = traced
    ? { ...given, userProperties: { ...traced, ...given.userProperties } }
    : given;
  const payload = encode(item.payload);
  const body = envelope
    ? JSON.stringify(cloudEvent(item.payload, { ...envelope, ...traced }))
    : payload;
  const large = claims !== undefined && isTooLarge(body);
  check(large ? '' : body, item);

  const claimed = once && (await claimKey(once, index, payload));
  if (claimed && 'messageId' in claimed) return { messageId: claimed.messageId, replayed: true };
  const common = { item, ...(claimed && { claimed }) };
  if (!large) return { ...common, body };
  try {
    const { claim, body: message } = await checkIn(claims, body);
    return { ...common, body: message, claimKey: claim.key };
  } catch (error) {
    // Unreleased it expires, only later.
    await claimed?.release().catch((reason) => log?.warn({ error: reason }, 'Key not released'));
    throw error;
  }
}

function sendTo(queue: Queue): Send {
  return (run) =>
    queue.sendBatch(
      run.map(({ body, item: { delaySeconds, priority, userProperties } }) => ({
        body,
        ...(delaySeconds !== undefined && { delaySeconds }),
        ...(priority !== undefined && { priority }),
        ...(userProperties && { userProperties }),
      })),
    );
}

function publishTo(topic: Topic): Send {
  return async ([one]) => {
    if (!one) return [];
    return [{ ok: true, value: await topic.publish(one.body, one.item) }];
  };
}

/** A request that fails whole fails for each of its messages. */
async function sendRun(send: Send, run: readonly Prepared[]): ReturnType<Send> {
  try {
    return await send(run);
  } catch (error) {
    return run.map(() => ({ ok: false, error: toError(error) }));
  }
}

/** Writes down what became of a message under its key. A record that cannot be written changes nothing about the message: the claim's own end lets the key be used again. */
async function settle(
  { claimed, claimKey }: Prepared,
  result: ItemResult<{ messageId: string }>,
  log: PublishSettings['log'],
): Promise<Outcome> {
  try {
    if (result.ok) await claimed?.complete(result.value.messageId);
    else await claimed?.release();
  } catch (error) {
    log?.warn({ error }, 'Could not write down what was published under an Idempotency-Key');
  }
  if (!result.ok) return result;
  const { messageId } = result.value;
  return { ok: true, value: { messageId, ...(claimKey !== undefined && { claimKey }) } };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
