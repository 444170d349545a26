import { parseJson } from '../schema/validate.ts';
import { type BodyEncoding, decodeBody } from './body-encoding.ts';
import { object, optionalString } from './narrow.ts';

/** One notification of an SMQ topic trigger. */
export interface TopicNotification {
  /** The published body as text, decoded if `encoding` says so. */
  message: string;
  /** Message attributes, if the publisher set any. */
  attributes: Readonly<Record<string, string>>;
  /** This and the following are known with notifyContentFormat JSON only. */
  messageId?: string | undefined;
  topicName?: string | undefined;
  subscriptionName?: string | undefined;
  /** Milliseconds since the epoch. */
  publishTime?: number | undefined;
  /** The filter tag. */
  messageTag?: string | undefined;
}

const KNOWN = [
  'TopicOwner',
  'Message',
  'Subscriber',
  'PublishTime',
  'SubscriptionName',
  'MessageMD5',
  'TopicName',
  'MessageId',
  'MessageTag',
];

/**
 * Parses the event of an mns_topic trigger in each of its forms. JSON: an object with `Message` and the
 * attributes flattened beside it. STREAM with attributes: `{"body", "attrs"}`. STREAM without attributes:
 * the published body itself, which need not be JSON. No event is refused, except that with `encoding`
 * `base64` a body that is not base64 throws an InvalidInputError (`InvalidBase64`). The default is `text`:
 * keep it if `handleBatch` is given the `encoding`, which quarantines what it cannot decode.
 */
export function parseTopicEvent(
  event: Uint8Array,
  { encoding = 'text' }: { encoding?: BodyEncoding } = {},
): TopicNotification {
  const notification = parse(Buffer.from(event).toString('utf8'));
  return { ...notification, message: decodeBody(notification.message, encoding) };
}

function parse(text: string): TopicNotification {
  const fields = asObject(text);
  if (typeof fields?.Message === 'string' && typeof fields.TopicName === 'string')
    return fromJson(fields, fields.Message);
  if (typeof fields?.body === 'string' && isObject(fields.attrs))
    return { message: fields.body, attributes: strings(fields.attrs) };
  return { message: text, attributes: {} };
}

function fromJson(fields: Record<string, unknown>, message: string): TopicNotification {
  const others = Object.entries(fields).filter(([key]) => !KNOWN.includes(key));
  const publishTime = Number(fields.PublishTime);
  return {
    message,
    attributes: strings(Object.fromEntries(others)),
    messageId: optionalString(fields.MessageId),
    topicName: optionalString(fields.TopicName),
    subscriptionName: optionalString(fields.SubscriptionName),
    publishTime: Number.isFinite(publishTime) ? publishTime : undefined,
    messageTag: optionalString(fields.MessageTag),
  };
}

function asObject(text: string): Record<string, unknown> | undefined {
  try {
    return object(parseJson(text, 'Event'), 'mns_topic', 'event');
  } catch {
    return undefined; // STREAM: the body is whatever the publisher sent
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(fields: Record<string, unknown>): Record<string, string> {
  const pairs = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(pairs);
}
