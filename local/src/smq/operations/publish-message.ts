import type { XmlElement } from '../../xml/parse.ts';
import { childOf, optionalText, textOf } from '../read-xml.ts';
import { EXTRA_ELEMENTS, readBody, readExtras } from './messages-xml.ts';
import { bodyOf, CREATED, type Operation } from './operation.ts';

/**
 * `POST /topics/<topic>/messages`. MessageAttributes are for mail and SMS, and are recorded with
 * the delivery.
 */
export const publishMessage: Operation = {
  action: 'PublishMessage',
  query: [],
  async run(call) {
    const message = bodyOf(call, 'Message', [
      ...EXTRA_ELEMENTS,
      'MessageBody',
      'MessageTag',
      'MessageAttributes',
    ]);
    const { messageId, bodyMd5 } = await call.service.publish(call.name, {
      body: readBody(message),
      tag: optionalText(message, 'MessageTag'),
      attributes: readAttributes(message),
      ...readExtras(message),
    });
    return {
      status: CREATED,
      body: ['Message', { MessageId: messageId, MessageBodyMD5: bodyMd5 }],
    };
  },
};

function readAttributes(message: XmlElement): Record<string, string> | undefined {
  const attributes = childOf(message, 'MessageAttributes');
  return (
    attributes &&
    Object.fromEntries(attributes.children.map((element) => [element.name, textOf(element)]))
  );
}
