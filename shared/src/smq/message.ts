import { AppError, InvalidInputError } from '../errors/errors.ts';
import { type Item, items, number, optionalNumber, optionalText, text } from './answer.ts';
import { checkRange } from './check.ts';
import {
  MAX_BODY_BYTES,
  MAX_DELAY_SECONDS,
  MAX_PRIORITY,
  MAX_PROPERTY_NAME_LENGTH,
  MAX_PROPERTY_VALUE_LENGTH,
  MAX_USER_PROPERTIES,
} from './limits.ts';
import type { Message, PeekedMessage, SendOptions, SentMessage, UserProperties } from './types.ts';
import { element, escapeXml } from './xml.ts';

/** Returns the children of a queue's `<Message>`. */
export function messageXml(body: string, options: SendOptions): string {
  const { delaySeconds, priority, userProperties, messageGroupId } = options;
  return [
    bodyXml(body),
    element('DelaySeconds', checkRange('delaySeconds', delaySeconds, 0, MAX_DELAY_SECONDS)),
    element('Priority', checkRange('priority', priority, 1, MAX_PRIORITY)),
    userPropertiesXml(userProperties),
    groupXml(messageGroupId),
  ].join('');
}

/**
 * Returns the `<MessageGroupId>` of an ordered message. Its maximum length is not documented and left to
 * the service to check. Throws an InvalidInputError (`InvalidMessageGroup`) for an empty one.
 */
export function groupXml(messageGroupId: string | undefined): string {
  if (messageGroupId !== '') return element('MessageGroupId', messageGroupId);
  throw new InvalidInputError('Message group has an empty id', {
    code: 'InvalidMessageGroup',
    remedy: 'give what its messages have in common, such as the id of an order, or leave it out',
  });
}

/** Returns the `<MessageBody>`, escaped once and within the limit. */
export function bodyXml(body: string): string {
  const escaped = escapeXml(body, 'Message body');
  checkSize('Message body', Buffer.byteLength(escaped));
  return `<MessageBody>${escaped}</MessageBody>`;
}

/** Returns how many bytes of the limit a body takes. */
export function bodyBytes(body: string): number {
  return Buffer.byteLength(escapeXml(body, 'Message body'));
}

/**
 * Throws if what is sent exceeds the limit: UTF-8 bytes after XML escaping (`&` takes 5, `<` and `>` 4), so
 * that nothing passes here and fails there.
 */
export function checkSize(what: string, bytes: number): void {
  if (bytes <= MAX_BODY_BYTES) return;
  const message = `${what} takes ${bytes} bytes as escaped UTF-8, over SMQ's limit of ${MAX_BODY_BYTES}`;
  throw new InvalidInputError(message, {
    code: 'PayloadTooLarge',
    status: 413,
    remedy: 'store the payload as an object and send its key in the message (a claim check)',
    issues: [{ path: '', message }],
  });
}

/**
 * Returns `<MessageAttributes>`, one element for each. Throws an AppError (`InvalidAttribute`) for a name
 * that no element can have.
 */
export function attributesXml(attributes: Record<string, string> = {}): string {
  const entries = Object.entries(attributes);
  const wrong = entries.find(([name]) => !/^[A-Za-z][A-Za-z0-9_-]*$/.test(name));
  if (wrong)
    throw new AppError(`Message attribute is named "${wrong[0]}"`, {
      code: 'InvalidAttribute',
      remedy: 'use letters, digits, - and _, beginning with a letter',
    });
  const content = entries.map(([name, value]) => element(name, value)).join('');
  return content && `<MessageAttributes>${content}</MessageAttributes>`;
}

/**
 * Returns `<UserProperties>`. Throws an AppError (`TooManyUserProperties`, `InvalidUserProperty`) for what
 * exceeds the service's documented limits, and an InvalidInputError (`InvalidCharacter`).
 */
export function userPropertiesXml(properties: UserProperties = {}): string {
  const entries = Object.entries(properties);
  if (entries.length === 0) return '';
  if (entries.length > MAX_USER_PROPERTIES)
    throw new AppError(`Message has ${entries.length} user properties`, {
      code: 'TooManyUserProperties',
      remedy: `send ${MAX_USER_PROPERTIES} at most, or put them into the body`,
    });
  const values = entries.map(([name, value]) => {
    const { type, encoded } = encodeProperty(name, value);
    const content = `${element('Name', name)}${element('Value', encoded)}${element('Type', type)}`;
    checkProperty(name, encoded);
    return `<PropertyValue>${content}</PropertyValue>`;
  });
  return `<UserProperties>${values.join('')}</UserProperties>`;
}

function checkProperty(name: string, value: string): void {
  const shown = JSON.stringify(name.slice(0, MAX_PROPERTY_NAME_LENGTH));
  if (
    name.length > MAX_PROPERTY_NAME_LENGTH ||
    !/^[A-Za-z0-9_-](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/.test(name)
  )
    throw new AppError(`User property is named ${shown}`, {
      code: 'InvalidUserProperty',
      remedy: `use 1 to ${MAX_PROPERTY_NAME_LENGTH} letters, digits, _, - and ., with no . first or last`,
    });
  if (value.length > MAX_PROPERTY_VALUE_LENGTH)
    throw new AppError(`User property ${shown} has ${value.length} characters`, {
      code: 'InvalidUserProperty',
      remedy: `give ${MAX_PROPERTY_VALUE_LENGTH} at most (of bytes, their base64), or put it into the body`,
    });
}

function encodeProperty(name: string, value: UserProperties[string]) {
  if (typeof value === 'string') return { type: 'STRING', encoded: value };
  if (typeof value === 'boolean') return { type: 'BOOLEAN', encoded: String(value) };
  if (value instanceof Uint8Array)
    return { type: 'BINARY', encoded: Buffer.from(value).toString('base64') };
  if (Number.isFinite(value)) return { type: 'NUMBER', encoded: String(value) };
  throw new AppError(`User property "${name}" is ${value}`, {
    code: 'InvalidUserProperty',
    remedy: 'give a string, a finite number, a boolean or bytes',
  });
}

/**
 * Parses a received `<Message>`. Every element but the properties is always present; an answer without one
 * is not a message.
 */
export function parseMessage(item: Item): Message {
  const common = parseCommon(item);
  return {
    // Each by its name: V8 takes fifty times as long to spread so many.
    messageId: common.messageId,
    body: common.body,
    bodyMd5: common.bodyMd5,
    enqueueTime: common.enqueueTime,
    dequeueCount: common.dequeueCount,
    priority: common.priority,
    userProperties: common.userProperties,
    systemProperties: common.systemProperties,
    messageGroupId: common.messageGroupId,
    receiptHandle: text(item, 'ReceiptHandle'),
    firstDequeueTime: number(item, 'FirstDequeueTime'),
    nextVisibleTime: number(item, 'NextVisibleTime'),
  };
}

/** Parses a peeked `<Message>`. FirstDequeueTime means nothing while DequeueCount is 0. */
export function parsePeeked(item: Item): PeekedMessage {
  const common = parseCommon(item);
  const firstDequeueTime =
    common.dequeueCount > 0 ? optionalNumber(item, 'FirstDequeueTime') : undefined;
  return { ...common, firstDequeueTime };
}

function parseCommon(item: Item) {
  return {
    messageId: text(item, 'MessageId'),
    body: text(item, 'MessageBody'),
    bodyMd5: text(item, 'MessageBodyMD5'),
    enqueueTime: number(item, 'EnqueueTime'),
    dequeueCount: number(item, 'DequeueCount'),
    priority: number(item, 'Priority'),
    userProperties: parseUserProperties(item),
    systemProperties: parseSystemProperties(item),
    messageGroupId: optionalText(item, 'MessageGroupId'),
  };
}

function parseSystemProperties(item: Item): Record<string, string> | undefined {
  // One is the form of the SDKs for Java and PHP, the other that of user properties.
  const values = items(item, 'SystemProperties').flatMap((entry) => [
    ...items(entry, 'SystemPropertyValue'),
    ...items(entry, 'PropertyValue'),
  ]);
  if (values.length === 0) return undefined;
  return Object.fromEntries(
    values.map((entry) => [text(entry, 'Name'), optionalText(entry, 'Value') ?? '']),
  );
}

function parseUserProperties(item: Item): UserProperties {
  const values = items(item, 'UserProperties').flatMap((entry) => items(entry, 'PropertyValue'));
  return Object.fromEntries(
    values.map((entry) => [
      text(entry, 'Name'),
      decodeProperty(optionalText(entry, 'Type'), text(entry, 'Value')),
    ]),
  );
}

/**
 * The documents write the types in two ways. A value that is not of its type, as another SDK may send it,
 * stays text.
 */
function decodeProperty(type: string | undefined, value: string): UserProperties[string] {
  const kind = type?.toUpperCase();
  if (kind === 'BOOLEAN' && /^(true|false)$/i.test(value)) return /^true$/i.test(value);
  if (kind === 'BINARY') return Buffer.from(value, 'base64');
  const asNumber = Number(value);
  // Another SDK may send more digits than a double holds: then the text is better.
  return kind === 'NUMBER' && String(asNumber) === value ? asNumber : value;
}

/** Parses the answer to a send or publish; without an id nothing was stored. */
export function parseSent(item: Item): SentMessage {
  const receiptHandle = optionalText(item, 'ReceiptHandle');
  return {
    messageId: text(item, 'MessageId'),
    bodyMd5: text(item, 'MessageBodyMD5'),
    ...(receiptHandle !== undefined && { receiptHandle }),
  };
}
