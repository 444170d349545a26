import { parseJson } from '../schema/validate.ts';
import { type BodyEncoding, decodeBody } from './body-encoding.ts';
import { type Fields, object, optionalString, string, unexpected } from './narrow.ts';

/** One queue message as EventBridge pushes it. */
export interface CloudEvent {
  /** The CloudEvent's id; absent with eventSchema RawData. */
  id?: string | undefined;
  /** `acs:mns:<region>:<account>:queues/<name>`. */
  subject?: string | undefined;
  /** ISO 8601. */
  time?: string | undefined;
  messageId: string;
  /** The body: decoded if that was requested, else as it came. */
  messageBody: string;
  requestId?: string | undefined;
  /** From the CloudEvents distributed tracing extension, if the event has it. */
  traceparent?: string | undefined;
  /** W3C baggage, if the event has it. */
  baggage?: string | undefined;
}

export interface QueueBatchOptions {
  /** How producers encode bodies, if the trigger does not decode them; default `text`. */
  encoding?: BodyEncoding;
  /** True means `encoding: 'base64'`. */
  base64?: boolean;
}

/**
 * Parses the event of an eventbridge trigger with an SMQ queue as its source: an array of CloudEvents, and
 * also a single one, an array of JSON strings, or `data` objects alone (RawData). A body does not show
 * whether it is base64, so set `encoding` if producers encode it and the trigger has `IsBase64Decode:
 * false` (`base64: true` is the same as `encoding: 'base64'`). Leave it out if `handleBatch` is given the
 * `encoding`: it quarantines just the message that it cannot decode. Throws an InvalidInputError for
 * anything else.
 */
export function parseQueueBatch(
  event: Uint8Array,
  { base64 = false, encoding = base64 ? 'base64' : 'text' }: QueueBatchOptions = {},
): CloudEvent[] {
  const parsed = parseJson(event, 'Event of the eventbridge trigger');
  const entries = Array.isArray(parsed) ? parsed : [parsed];
  return entries.map((entry, index) => {
    const at = `[${index}]`;
    const value = typeof entry === 'string' ? parseJson(entry, `Event ${at}`) : entry;
    return toCloudEvent(object(value, 'eventbridge', at), at, encoding);
  });
}

function toCloudEvent(fields: Fields, at: string, encoding: BodyEncoding): CloudEvent {
  const data = 'data' in fields ? object(fields.data, 'eventbridge', `${at}.data`) : fields;
  const body = data.messageBody;
  if (typeof body !== 'string')
    throw unexpected('eventbridge', `${at}.data.messageBody`, 'a string');
  return {
    id: optionalString(fields.id),
    subject: optionalString(fields.subject),
    time: optionalString(fields.time),
    messageId: string(data, 'messageId', 'eventbridge'),
    messageBody: decodeBody(body, encoding),
    requestId: optionalString(data.requestId),
    traceparent: optionalString(fields.traceparent),
    baggage: optionalString(fields.baggage),
  };
}
