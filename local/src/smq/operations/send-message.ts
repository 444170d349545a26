import { MESSAGE_ELEMENTS, readMessage, sentElements } from './messages-xml.ts';
import { bodyOf, CREATED, type Operation } from './operation.ts';

/** `POST /queues/<name>/messages` with a `<Message>`. */
export const sendMessage: Operation = {
  action: 'SendMessage',
  query: [],
  async run(call) {
    const sent = await call.service.send(
      call.name,
      readMessage(bodyOf(call, 'Message', MESSAGE_ELEMENTS)),
    );
    return { status: CREATED, body: ['Message', sentElements(sent)] };
  },
};
