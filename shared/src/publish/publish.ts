import { checkIn } from '../claims/claim-checks.ts';
import type { ItemResult } from '../concurrency/item-result.ts';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import { BAGGAGE, formatTraceparent, TRACEPARENT, type Trace } from '../context/trace.ts';
import { isTransient, ServiceError, toError } from '../errors/errors.ts';
import type { Log } from '../log/log.ts';
import type { OssClient } from '../oss/bucket/client.ts';
import type { Topic } from '../smq/topic.ts';
import type { PublishOptions as MessageOptions } from '../smq/types.ts';
import { checkMessage, encode, isTooLarge } from './encode.ts';
import { type Once, publishOnce } from './once.ts';

/** A message to publish, with its filter tag, attributes and user properties. */
export interface Item extends MessageOptions {
  /** A string is sent unchanged, anything else as JSON. */
  payload: unknown;
}

export interface PublishSettings {
  /** Bucket for payloads that are too large for a message; without one they are refused (`PayloadTooLarge`). */
  claims?: OssClient;
  /** Goes into each message's user properties as `traceparent`, its baggage as `baggage`. */
  trace?: Trace;
  /** Makes a repeated call publish nothing that was published before. */
  once?: Once | undefined;
  /** Number of requests at a time; default 8. */
  concurrency?: number;
  log?: Pick<Log, 'warn' | 'error'>;
}

export interface Published {
  messageId: string;
  /** Key of the payload's object, if the message holds a claim check. */
  claimKey?: string;
  /** Published by an earlier call under the same key. */
  replayed?: true;
}

const CONCURRENCY = 8;

/**
 * Publishes any number of messages to a topic, one request each, since a topic takes no batch. The results
 * are in the items' order. An item that is invalid (`PayloadTooLarge`, `InvalidCharacter`, `InvalidTag`, …)
 * or fails does not affect the others, except those after it in its group: ordered messages
 * (`messageGroupId`) are published one after the other, and none after one that failed
 * (`EarlierInGroupFailed`). An item that failed with a `retryable` ServiceError may have been published:
 * sending it again may duplicate it, as SMQ itself may.
 */
export async function publish(
  topic: Topic,
  items: readonly Item[],
  settings: PublishSettings = {},
): Promise<ItemResult<Published>[]> {
  const { concurrency = CONCURRENCY } = settings;
  const results = new Array<ItemResult<Published>>(items.length);
  await mapConcurrently(linesOf(items), concurrency, async (line) => {
    let failure: Error | undefined;
    for (const { item, index } of line) {
      const result: ItemResult<Published> = failure
        ? { ok: false, error: earlierFailed(failure) }
        : await published(topic, item, index, settings);
      if (!result.ok) failure ??= result.error;
      results[index] = result;
    }
  });
  return results;
}

interface Placed {
  item: Item;
  index: number;
}

/** Returns the items of each group in order, and every other item alone. */
function linesOf(items: readonly Item[]): Placed[][] {
  const lines: Placed[][] = [];
  const ofGroup = new Map<string, Placed[]>();
  for (const [index, item] of items.entries()) {
    const { messageGroupId } = item;
    const line = (messageGroupId !== undefined && ofGroup.get(messageGroupId)) || [];
    if (line.push({ item, index }) > 1) continue;
    lines.push(line);
    if (messageGroupId !== undefined) ofGroup.set(messageGroupId, line);
  }
  return lines;
}

async function published(
  topic: Topic,
  item: Item,
  index: number,
  settings: PublishSettings,
): Promise<ItemResult<Published>> {
  try {
    return { ok: true, value: await publishItem(topic, item, index, settings) };
  } catch (error) {
    return { ok: false, error: toError(error) };
  }
}

/** As retryable as the earlier failure. */
function earlierFailed(cause: Error): ServiceError {
  return new ServiceError('Message is not published: an earlier one of its group failed', {
    service: 'smq',
    code: 'EarlierInGroupFailed',
    retryable: isTransient(cause),
    cause,
    remedy: 'publish it again after that one',
  });
}

async function publishItem(
  topic: Topic,
  { payload, ...given }: Item,
  index: number,
  { claims, once, trace, log }: PublishSettings,
): Promise<Published> {
  const traced = trace && {
    [TRACEPARENT]: formatTraceparent(trace),
    ...(trace.baggage !== undefined && { [BAGGAGE]: trace.baggage }),
  };
  const options = traced
    ? { ...given, userProperties: { ...traced, ...given.userProperties } }
    : given;
  const text = encode(payload);
  const bucket = isTooLarge(text) ? claims : undefined;
  checkMessage(bucket ? '' : text, options);

  const send = () => sendItem(topic, text, options, bucket);
  return once ? publishOnce(once, index, text, send, log) : send();
}

async function sendItem(
  topic: Topic,
  text: string,
  options: MessageOptions,
  bucket: OssClient | undefined,
): Promise<Published> {
  if (!bucket) return { messageId: (await topic.publish(text, options)).messageId };
  const { claim, body } = await checkIn(bucket, text);
  const { messageId } = await topic.publish(body, options);
  return { messageId, claimKey: claim.key };
}
