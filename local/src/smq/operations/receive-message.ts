import type { ReceivedMessage } from '../core/message.ts';
import { SmqError } from '../errors.ts';
import { BATCH_SIZE, WAIT_SECONDS } from '../limits.ts';
import { receivedElements } from './messages-xml.ts';
import type { Call, Operation } from './operation.ts';

/** `GET /queues/<name>/messages?waitseconds=`; an empty queue answers 404 MessageNotExist. */
export const receiveMessage: Operation = {
  action: 'ReceiveMessage',
  query: ['waitseconds'],
  async run(call) {
    const [message] = await receive(call, 1);
    if (!message) throw new SmqError('MessageNotExist');
    return { status: 200, body: ['Message', receivedElements(message)] };
  },
};

/**
 * `GET /queues/<name>/messages?numOfMessages=`; once there is one message, it does not wait for
 * more.
 */
export const batchReceiveMessage: Operation = {
  action: 'ReceiveMessage',
  batchAction: 'BatchReceiveMessage',
  query: ['numofmessages', 'waitseconds'],
  async run(call) {
    const messages = await receive(call, call.query.number('numOfMessages', BATCH_SIZE));
    if (messages.length === 0) throw new SmqError('MessageNotExist');
    return {
      status: 200,
      body: ['Messages', { Message: messages.map(receivedElements) }],
    };
  },
};

function receive(
  { service, name, query, whenGone }: Call,
  max: number | undefined,
): Promise<ReceivedMessage[]> {
  const waitSeconds = query.number('waitseconds', WAIT_SECONDS);
  return service.receive(name, { max, waitSeconds, signal: whenGone });
}
