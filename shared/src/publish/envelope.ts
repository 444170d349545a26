import { randomUUID } from 'node:crypto';

/** What a CloudEvents envelope says besides the data. */
export interface EnvelopeOptions {
  /** Who publishes, as a URI reference: `urn:shop:orders`. With `id` it names the event for good. */
  source: string;
  /** What happened: `com.example.order.created`. */
  type: string;
  /** What it happened to. */
  subject?: string;
}

/** A CloudEvents 1.0 event in its JSON format. */
export interface CloudEvent extends EnvelopeOptions {
  specversion: '1.0';
  id: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  data: unknown;
  /** Of the distributed tracing extension. */
  traceparent?: string;
}

/** Puts a payload into an envelope. The same `id` from the same source is the same event, however often it comes. */
export function cloudEvent(
  data: unknown,
  options: EnvelopeOptions & { id?: string; traceparent?: string },
  now = Date.now(),
): CloudEvent {
  const { source, type, subject, id = randomUUID(), traceparent } = options;
  return {
    specversion: '1.0',
    id,
    source,
    type,
    ...(subject !== undefined && { subject }),
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data,
  };
}

/** The payload of a parsed message: an event's data, or the value itself where there is no envelope. */
export function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { specversion, id, source, type } = value as Record<string, unknown>;
  const isEvent =
    specversion === '1.0' && [id, source, type].every((part) => typeof part === 'string');
  return isEvent && 'data' in value ? value.data : value;
}
