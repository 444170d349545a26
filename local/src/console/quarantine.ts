import type { MessageInput } from '../smq/core/message.ts';
import type { Property } from '../smq/properties.ts';
import { parsedObject } from './format.ts';

/**
 * Prefix under which consumers that use fc-kit store messages they cannot handle:
 * `quarantine/<queue>/<date>/<id>.json`.
 */
export const QUARANTINE = 'quarantine/';

/**
 * Reads the message in such an object, and its original queue; undefined for an object of another
 * form.
 */
export function readQuarantined(content: Buffer): (MessageInput & { queue: string }) | undefined {
  const { source, body, userProperties, messageGroupId } = parsedObject(content.toString()) ?? {};
  const { kind, name } = asRecord(source);
  if (kind !== 'queue' || typeof name !== 'string' || typeof body !== 'string') return undefined;
  const properties = Object.entries(asRecord(userProperties)).map(propertyOf);
  return {
    queue: name,
    body,
    ...(properties.length > 0 && { userProperties: properties }),
    ...(typeof messageGroupId === 'string' && { groupId: messageGroupId }),
  };
}

function propertyOf([name, value]: [string, unknown]): Property {
  const { base64 } = asRecord(value);
  if (typeof base64 === 'string') return { name, value: base64, type: 'BINARY' };
  const type =
    typeof value === 'number' ? 'NUMBER' : typeof value === 'boolean' ? 'BOOLEAN' : 'STRING';
  return { name, value: String(value), type };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
