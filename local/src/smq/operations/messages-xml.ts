import type { XmlElement } from '../../xml/parse.ts';
import type { XmlFields } from '../../xml/write.ts';
import type { MessageInput, PeekedMessage, ReceivedMessage, SentMessage } from '../core/message.ts';
import { SmqError } from '../errors.ts';
import { type Extras, PROPERTY_TYPES, type Property } from '../properties.ts';
import { PROPERTY_ELEMENTS, propertyElements } from '../properties-xml.ts';
import {
  checkChildren,
  childOf,
  childrenOf,
  optionalNumber,
  optionalText,
  optionalWord,
} from '../read-xml.ts';

/** Elements, besides the body, that messages to queues and topics share. */
export const EXTRA_ELEMENTS = ['UserProperties', 'SystemProperties', 'MessageGroupId'];

/** Elements of a message to a queue. */
export const MESSAGE_ELEMENTS = ['MessageBody', 'DelaySeconds', 'Priority', ...EXTRA_ELEMENTS];

export function readMessage(element: XmlElement): MessageInput {
  return {
    body: readBody(element),
    delaySeconds: optionalNumber(element, 'DelaySeconds'),
    priority: optionalNumber(element, 'Priority'),
    ...readExtras(element),
  };
}

export function readExtras(element: XmlElement): Extras {
  return {
    userProperties: readProperties(element, 'UserProperties'),
    systemProperties: readProperties(element, 'SystemProperties'),
    groupId: optionalText(element, 'MessageGroupId'),
  };
}

export function readBody(element: XmlElement): string {
  const body = optionalText(element, 'MessageBody');
  if (body === undefined) throw new SmqError('MalformedXML');
  return body;
}

function readProperties(
  parent: XmlElement,
  name: keyof typeof PROPERTY_ELEMENTS,
): Property[] | undefined {
  const properties = childOf(parent, name);
  if (!properties) return undefined;
  checkChildren(properties, [PROPERTY_ELEMENTS[name]]);
  return childrenOf(properties, PROPERTY_ELEMENTS[name]).map(readProperty);
}

/** Returns the answer's elements for a sent message. */
export function sentElements({ messageId, bodyMd5, receiptHandle }: SentMessage): XmlFields {
  return { MessageId: messageId, MessageBodyMD5: bodyMd5, ReceiptHandle: receiptHandle };
}

/**
 * Returns the elements of a received message, in the service's order, which some parsers depend on.
 * The position of the group's id is not documented.
 */
export function receivedElements(message: ReceivedMessage): XmlFields {
  return {
    MessageId: message.id,
    MessageBodyMD5: message.bodyMd5,
    MessageBody: message.body,
    ReceiptHandle: message.receiptHandle,
    EnqueueTime: message.enqueueTime,
    FirstDequeueTime: message.firstDequeueTime,
    NextVisibleTime: message.nextVisibleTime,
    DequeueCount: message.dequeueCount,
    Priority: message.priority,
    SystemProperties: propertyElements('SystemProperties', message),
    UserProperties: propertyElements('UserProperties', message),
    MessageGroupId: message.groupId,
  };
}

/** Returns the elements of a peeked message, in the service's order. */
export function peekedElements(message: PeekedMessage): XmlFields {
  return {
    MessageId: message.id,
    MessageBodyMD5: message.bodyMd5,
    MessageBody: message.body,
    EnqueueTime: message.enqueueTime,
    FirstDequeueTime: message.firstDequeueTime,
    DequeueCount: message.dequeueCount,
    Priority: message.priority,
    SystemProperties: propertyElements('SystemProperties', message),
    UserProperties: propertyElements('UserProperties', message),
    MessageGroupId: message.groupId,
  };
}

function readProperty(element: XmlElement): Property {
  checkChildren(element, ['Name', 'Value', 'Type']);
  const name = optionalText(element, 'Name');
  const value = optionalText(element, 'Value');
  if (name === undefined || value === undefined) throw new SmqError('MalformedXML');
  return { name, value, type: optionalWord(element, 'Type', PROPERTY_TYPES) ?? 'STRING' };
}
