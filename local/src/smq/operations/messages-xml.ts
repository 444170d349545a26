import {
  type MessageContent,
  type MessageInput,
  type PeekedMessage,
  PROPERTY_TYPES,
  type Property,
  type ReceivedMessage,
  type SentMessage,
} from '../core/message.ts';
import { SmqError } from '../errors.ts';
import type { XmlElement } from '../xml/parse.ts';
import { childOf, childrenOf, optionalNumber, optionalText } from '../xml/read.ts';
import type { XmlNode } from '../xml/write.ts';

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

export function sentElements({ messageId, bodyMd5, receiptHandle }: SentMessage): XmlNode[] {
  const elements: XmlNode[] = [
    ['MessageId', messageId],
    ['MessageBodyMD5', bodyMd5],
  ];
  if (receiptHandle !== undefined) elements.push(['ReceiptHandle', receiptHandle]);
  return elements;
}

/** In the service's order, which some parsers depend on. */
export function receivedElements(message: ReceivedMessage): (XmlNode | undefined)[] {
  return [
    ['MessageId', message.id],
    ['MessageBodyMD5', message.bodyMd5],
    ['MessageBody', message.body],
    ['ReceiptHandle', message.receiptHandle],
    ['EnqueueTime', message.enqueueTime],
    ['FirstDequeueTime', message.firstDequeueTime],
    ['NextVisibleTime', message.nextVisibleTime],
    ['DequeueCount', message.dequeueCount],
    ['Priority', message.priority],
    ...propertyElements(message),
  ];
}

export function peekedElements(message: PeekedMessage): (XmlNode | undefined)[] {
  return [
    ['MessageId', message.id],
    ['MessageBodyMD5', message.bodyMd5],
    ['MessageBody', message.body],
    ['EnqueueTime', message.enqueueTime],
    ['FirstDequeueTime', message.firstDequeueTime],
    ['DequeueCount', message.dequeueCount],
    ['Priority', message.priority],
    ...propertyElements(message),
  ];
}

function propertyElements(message: MessageContent): (XmlNode | undefined)[] {
  return [
    writeProperties('SystemProperties', message.systemProperties),
    writeProperties('UserProperties', message.userProperties),
  ];
}

function writeProperties(element: string, properties: Property[] | undefined): XmlNode | undefined {
  if (!properties || properties.length === 0) return undefined;
  return [
    element,
    properties.map(({ name, value, type }) => [
      'PropertyValue',
      [
        ['Name', name],
        ['Value', value],
        ['Type', type],
      ],
    ]),
  ];
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
