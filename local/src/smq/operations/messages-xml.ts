import type { XmlElement } from '../../xml/parse.ts';
import type { XmlFields } from '../../xml/write.ts';
import {
  type MessageInput,
  type PeekedMessage,
  PROPERTY_TYPES,
  type Property,
  type ReceivedMessage,
  type SentMessage,
} from '../core/message.ts';
import { SmqError } from '../errors.ts';
import { childOf, childrenOf, optionalNumber, optionalText } from '../read-xml.ts';

export function readMessage(element: XmlElement): MessageInput {
  return {
    body: readBody(element),
    delaySeconds: optionalNumber(element, 'DelaySeconds'),
    priority: optionalNumber(element, 'Priority'),
    ...readExtras(element),
  };
}

/** What a message to a queue and one to a topic may both carry. */
export function readExtras(
  element: XmlElement,
): Pick<MessageInput, 'userProperties' | 'systemProperties' | 'groupId'> {
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

/** What each of the properties under that element is called. */
const PROPERTY_ELEMENTS = {
  UserProperties: 'PropertyValue',
  SystemProperties: 'SystemPropertyValue',
} as const;

function readProperties(
  parent: XmlElement,
  name: keyof typeof PROPERTY_ELEMENTS,
): Property[] | undefined {
  const properties = childOf(parent, name);
  return properties && childrenOf(properties, PROPERTY_ELEMENTS[name]).map(readProperty);
}

/** What is answered to a message that was sent. */
export function sentElements({ messageId, bodyMd5, receiptHandle }: SentMessage): XmlFields {
  return { MessageId: messageId, MessageBodyMD5: bodyMd5, ReceiptHandle: receiptHandle };
}

/** A received message, in the service's order, which some parsers depend on. Where a group's id stands in it is not documented. */
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
    ...propertyElements(message),
    MessageGroupId: message.groupId,
  };
}

/** A message that was peeked at, in the service's order. */
export function peekedElements(message: PeekedMessage): XmlFields {
  return {
    MessageId: message.id,
    MessageBodyMD5: message.bodyMd5,
    MessageBody: message.body,
    EnqueueTime: message.enqueueTime,
    FirstDequeueTime: message.firstDequeueTime,
    DequeueCount: message.dequeueCount,
    Priority: message.priority,
    ...propertyElements(message),
    MessageGroupId: message.groupId,
  };
}

/** The elements of a message's properties; those of one that has none are left out. */
export function propertyElements({
  systemProperties,
  userProperties,
}: Pick<MessageInput, 'systemProperties' | 'userProperties'>): XmlFields {
  return {
    SystemProperties: listElements('SystemProperties', systemProperties),
    UserProperties: listElements('UserProperties', userProperties),
  };
}

function listElements(
  name: keyof typeof PROPERTY_ELEMENTS,
  properties: Property[] | undefined,
): XmlFields | undefined {
  if (!properties || properties.length === 0) return undefined;
  const values = properties.map(({ name, value, type }) => ({
    Name: name,
    Value: value,
    Type: type,
  }));
  return { [PROPERTY_ELEMENTS[name]]: values };
}

function readProperty(element: XmlElement): Property {
  const name = optionalText(element, 'Name');
  const value = optionalText(element, 'Value');
  const given = optionalText(element, 'Type') ?? 'STRING';
  const type = PROPERTY_TYPES.find((known) => known === given);
  if (name === undefined || value === undefined) throw new SmqError('MalformedXML');
  if (!type)
    throw new SmqError(
      'InvalidArgument',
      `The value of Type should be one of ${PROPERTY_TYPES.join(', ')}.`,
    );
  return { name, value, type };
}
