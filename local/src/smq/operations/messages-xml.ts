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
    userProperties: readProperties(element, 'UserProperties'),
    systemProperties: readProperties(element, 'SystemProperties'),
  };
}

export function readBody(element: XmlElement): string {
  const body = optionalText(element, 'MessageBody');
  if (body === undefined) throw new SmqError('MalformedXML');
  return body;
}

export function readProperties(parent: XmlElement, name: string): Property[] | undefined {
  const properties = childOf(parent, name);
  return properties && childrenOf(properties, 'PropertyValue').map(readProperty);
}

/** What is answered to a message that was sent. */
export function sentElements({ messageId, bodyMd5, receiptHandle }: SentMessage): XmlFields {
  return { MessageId: messageId, MessageBodyMD5: bodyMd5, ReceiptHandle: receiptHandle };
}

/** A received message, in the service's order, which some parsers depend on. */
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
    SystemProperties: propertyElements(message.systemProperties),
    UserProperties: propertyElements(message.userProperties),
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
    SystemProperties: propertyElements(message.systemProperties),
    UserProperties: propertyElements(message.userProperties),
  };
}

function propertyElements(properties: Property[] | undefined): XmlFields | undefined {
  if (!properties || properties.length === 0) return undefined;
  return {
    PropertyValue: properties.map(({ name, value, type }) => ({
      Name: name,
      Value: value,
      Type: type,
    })),
  };
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
