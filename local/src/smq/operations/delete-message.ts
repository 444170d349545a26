import { SmqError } from '../errors.ts';
import { NO_CONTENT, type Operation } from './operation.ts';

/** `DELETE /queues/<name>/messages?ReceiptHandle=`. */
export const deleteMessage: Operation = {
  action: 'DeleteMessage',
  query: ['receipthandle'],
  async run({ service, name, query }) {
    const handle = query.text('ReceiptHandle');
    if (!handle) throw new SmqError('MissingReceiptHandle');
    await service.deleteMessage(name, handle);
    return { status: NO_CONTENT };
  },
};
