import { optionalText } from '../read-xml.ts';
import { readBody, readExtras } from './messages-xml.ts';
import { bodyOf, CREATED, type Operation } from './operation.ts';

/** `POST /topics/<topic>/messages`. MessageAttributes are for mail and SMS; they are read and have no effect. */
export const publishMessage: Operation = {
  action: 'PublishMessage',
  query: [],
  async run(call) {
    const message = bodyOf(call, 'Message');
    const { messageId, bodyMd5 } = await call.service.publish(call.name, {
      body: readBody(message),
      tag: optionalText(message, 'MessageTag'),
      ...readExtras(message),
    });
    return {
      status: CREATED,
      body: ['Message', { MessageId: messageId, MessageBodyMD5: bodyMd5 }],
    };
  },
};
