import type { XmlFields } from '../../xml/write.ts';
import { inRange, SmqError } from '../errors.ts';
import { BATCH_SIZE } from '../limits.ts';
import { childrenOf, textOf } from '../read-xml.ts';
import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';

/** Status when some messages of a batch could not be deleted; the others are. */
const PARTLY_FAILED = 404;

/** `DELETE /queues/<name>/messages` with `<ReceiptHandles>`; only failures are answered. */
export const batchDeleteMessage: Operation = {
  action: 'DeleteMessage',
  batchAction: 'BatchDeleteMessage',
  query: [],
  async run(call) {
    if (!call.body) throw new SmqError('MissingReceiptHandle');
    const handles = childrenOf(
      bodyOf(call, 'ReceiptHandles', ['ReceiptHandle']),
      'ReceiptHandle',
    ).map(textOf);
    if (handles.length === 0) throw new SmqError('MissingReceiptHandle');
    inRange('ReceiptHandles count', handles.length, BATCH_SIZE);
    const { service, name } = call;
    service.getQueue(name);
    const results = await Promise.all(
      handles.map((handle) => failure(handle, service.deleteMessage(name, handle))),
    );
    const failures = results.filter((result) => result !== undefined);
    if (failures.length === 0) return { status: NO_CONTENT };
    return { status: PARTLY_FAILED, body: ['Errors', { Error: failures }] };
  },
};

async function failure(handle: string, deleted: Promise<void>): Promise<XmlFields | undefined> {
  try {
    await deleted;
    return undefined;
  } catch (error) {
    if (!(error instanceof SmqError)) throw error;
    return { ErrorCode: error.code, ErrorMessage: error.message, ReceiptHandle: handle };
  }
}
