import { own, type TouchedMessage } from '../requests/noted-request.ts';
import type { XmlElement } from '../xml/parse.ts';
import type { XmlFields, XmlValue } from '../xml/write.ts';
import { PROPERTY_ELEMENTS } from './properties-xml.ts';
import type { Query } from './query.ts';
import type { Reply } from './respond.ts';

const KINDS = ['UserProperties', 'SystemProperties'] as const;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/**
 * Returns the messages that a request sent, received, peeked at, changed or deleted, from the
 * request and its answer.
 */
export function touchedMessages(
  query: Query,
  body: XmlElement | undefined,
  { body: answer }: Reply,
): TouchedMessage[] {
  const named = handlesIn(query, body);
  const [root, content = {}] = answer ?? [];
  if (root === 'ChangeVisibility') {
    // Either handle names the message afterwards.
    const visibleAt = numberIn(content, 'NextVisibleTime');
    return [...named, textIn(content, 'ReceiptHandle') ?? []].flat().map((handle) => ({
      handle,
      ...(visibleAt !== undefined && { visibleAt }),
    }));
  }
  if (named.length > 0) {
    const failed = new Set(listIn(content, 'Error').map((one) => one.ReceiptHandle));
    return named.filter((handle) => !failed.has(handle)).map((handle) => ({ handle }));
  }
  const sent = body?.name === 'Messages' ? body.children : [body];
  if (root === 'Message') return [touched(content, sent[0])];
  if (root !== 'Messages') return [];
  return listIn(content, 'Message').map((message, at) => touched(message, sent[at]));
}

function handlesIn(query: Query, body: XmlElement | undefined): string[] {
  const single = query.text('ReceiptHandle');
  if (single !== undefined) return [own(single)];
  return body?.name === 'ReceiptHandles' ? body.children.map(({ text }) => own(text)) : [];
}

/** Returns a message of an answer; its trace comes from the sent properties. */
function touched(answered: XmlFields, sent: XmlElement | undefined): TouchedMessage {
  const message = {
    id: textIn(answered, 'MessageId'),
    handle: textIn(answered, 'ReceiptHandle'),
    enqueuedAt: numberIn(answered, 'EnqueueTime'),
    visibleAt: numberIn(answered, 'NextVisibleTime'),
    receives: numberIn(answered, 'DequeueCount'),
    traceId: traceOfAnswer(answered) ?? traceOfRequest(sent),
  };
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));
}

function traceOfAnswer(answered: XmlFields): string | undefined {
  for (const kind of KINDS) {
    const properties = answered[kind];
    const found = isFields(properties)
      ? listIn(properties, PROPERTY_ELEMENTS[kind]).find(({ Name }) => Name === 'traceparent')
      : undefined;
    if (found) return traceIdIn(found.Value);
  }
  return undefined;
}

function traceOfRequest(sent: XmlElement | undefined): string | undefined {
  const childOf = (element: XmlElement | undefined, name: string) =>
    element?.children.find((child) => child.name === name);
  for (const kind of KINDS) {
    const found = childOf(sent, kind)?.children.find(
      (property) => childOf(property, 'Name')?.text === 'traceparent',
    );
    if (found) return traceIdIn(childOf(found, 'Value')?.text);
  }
  return undefined;
}

function traceIdIn(value: XmlValue): string | undefined {
  const [, id] = (typeof value === 'string' && TRACEPARENT.exec(value)) || [];
  return id === undefined ? undefined : own(id);
}

function listIn(fields: XmlFields, name: string): XmlFields[] {
  const list = fields[name];
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function isFields(value: XmlValue): value is XmlFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(fields: XmlFields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

function numberIn(fields: XmlFields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}
