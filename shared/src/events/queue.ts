import { parseJson } from '../schema/validate.ts';
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
  /** The body: decoded when `base64` was asked for, else as it came. */
  messageBody: string;
  requestId?: string | undefined;
  /** Of the CloudEvents distributed tracing extension, where the event has it. */
  traceparent?: string | undefined;
}

/**
 * Parses the event of an eventbridge trigger with an SMQ queue as its source: an array of
 * CloudEvents, and also a single one, an array of JSON strings, or `data` objects alone (RawData).
 * The body carries no sign of being base64, so say with `base64` whether producers encode it and
 * the trigger has `IsBase64Decode: false`. Throws an InvalidInputError for anything else.
 */
export function parseQueueBatch(
  event: Uint8Array,
  { base64 = false }: { base64?: boolean } = {},
): CloudEvent[] {
  const parsed = parseJson(event, 'Event of the eventbridge trigger');
  const entries = Array.isArray(parsed) ? parsed : [parsed];
  return entries.map((entry, index) => {
    const at = `[${index}]`;
    const value = typeof entry === 'string' ? parseJson(entry, `Event ${at}`) : entry;
    return toCloudEvent(object(value, 'eventbridge', at), at, base64);
  });
}

function toCloudEvent(fields: Fields, at: string, base64: boolean): CloudEvent {
  const data = 'data' in fields ? object(fields.data, 'eventbridge', `${at}.data`) : fields;
  const body = data.messageBody;
  if (typeof body !== 'string')
    throw unexpected('eventbridge', `${at}.data.messageBody`, 'a string');
  return {
    id: optionalString(fields.id),
    subject: optionalString(fields.subject),
    time: optionalString(fields.time),
    messageId: string(data, 'messageId', 'eventbridge'),
    messageBody: base64 ? Buffer.from(body, 'base64').toString('utf8') : body,
    requestId: optionalString(data.requestId),
    traceparent: optionalString(fields.traceparent),
  };
}
