import type { XmlElement } from '../../xml/parse.ts';
import type { MessageInput } from '../core/message.ts';
import { inRange, SmqError } from '../errors.ts';
import { BATCH_SIZE } from '../limits.ts';
import { checkChildren, childrenOf } from '../read-xml.ts';
import { MESSAGE_ELEMENTS, readMessage, sentElements } from './messages-xml.ts';
import { bodyOf, CREATED, type Operation } from './operation.ts';

/** Status that official SDKs expect when some messages of a batch failed. */
const PARTLY_FAILED = 500;

/** `POST /queues/<name>/messages` with `<Messages>`; answers are in the order of the messages. */
export const batchSendMessage: Operation = {
  action: 'SendMessage',
  batchAction: 'BatchSendMessage',
  query: [],
  async run(call) {
    const elements = childrenOf(bodyOf(call, 'Messages', ['Message']), 'Message');
    inRange('Messages count', elements.length, BATCH_SIZE);
    const results = await call.service.sendBatch(call.name, elements.map(readBatched));
    return {
      status: results.some((result) => result instanceof SmqError) ? PARTLY_FAILED : CREATED,
      body: [
        'Messages',
        {
          Message: results.map((result) =>
            result instanceof SmqError
              ? { ErrorCode: result.code, ErrorMessage: result.message }
              : sentElements(result),
          ),
        },
      ],
    };
  },
};

function readBatched(element: XmlElement): MessageInput {
  checkChildren(element, MESSAGE_ELEMENTS);
  return readMessage(element);
}
