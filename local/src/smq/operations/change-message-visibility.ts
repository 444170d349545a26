import { SmqError } from '../errors.ts';
import { VISIBILITY_TIMEOUT } from '../limits.ts';
import type { Operation } from './operation.ts';

/** `PUT /queues/<name>/messages?receiptHandle=&visibilityTimeout=`. */
export const changeMessageVisibility: Operation = {
  action: 'ChangeMessageVisibility',
  query: ['receipthandle', 'visibilitytimeout'],
  async run({ service, name, query }) {
    const handle = query.text('ReceiptHandle');
    if (!handle) throw new SmqError('MissingReceiptHandle');
    const seconds = query.number('VisibilityTimeout', VISIBILITY_TIMEOUT);
    if (seconds === undefined) throw new SmqError('MissingVisibilityTimeout');
    const changed = await service.changeVisibility(name, handle, seconds);
    return {
      status: 200,
      body: [
        'ChangeVisibility',
        { ReceiptHandle: changed.receiptHandle, NextVisibleTime: changed.nextVisibleTime },
      ],
    };
  },
};
