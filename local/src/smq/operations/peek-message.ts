import { SmqError } from '../errors.ts';
import { BATCH_SIZE } from '../limits.ts';
import { peekedElements } from './messages-xml.ts';
import type { Operation } from './operation.ts';

/** `GET /queues/<name>/messages?peekonly=true`. */
export const peekMessage: Operation = {
  action: 'PeekMessage',
  query: ['peekonly'],
  run({ service, name }) {
    const [message] = service.peek(name);
    if (!message) throw new SmqError('MessageNotExist');
    return { status: 200, body: ['Message', peekedElements(message)] };
  },
};

/** `GET /queues/<name>/messages?peekonly=true&numOfMessages=`. */
export const batchPeekMessage: Operation = {
  action: 'PeekMessage',
  batchAction: 'BatchPeekMessage',
  query: ['peekonly', 'numofmessages'],
  run({ service, name, query }) {
    const messages = service.peek(name, query.number('numOfMessages', BATCH_SIZE));
    if (messages.length === 0) throw new SmqError('MessageNotExist');
    return {
      status: 200,
      body: ['Messages', { Message: messages.map(peekedElements) }],
    };
  },
};
