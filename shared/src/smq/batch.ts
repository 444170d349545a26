import type { ItemResult } from '../concurrency/item-result.ts';
import { AppError } from '../errors/errors.ts';
import { type Item, items, optionalText, UnexpectedAnswer } from './answer.ts';
import type { Answer, Connection } from './connection.ts';
import { MAX_BATCH } from './limits.ts';
import { bodyBytes, checkSize, messageXml, parseSent } from './message.ts';
import type { SendOptions, SentMessage } from './types.ts';
import { element, xmlDocument } from './xml.ts';

/**
 * Implements Queue.sendBatch. A partly failed batch is answered with 500 and an entry for each message,
 * stored or not.
 */
export async function sendBatch(
  connection: Connection,
  queue: string,
  messages: readonly ({ body: string } & SendOptions)[],
): Promise<ItemResult<SentMessage>[]> {
  checkCount('messages', messages.length);
  const entries = messages.map(({ body, ...options }) => messageXml(body, options));
  const total = messages.reduce((sum, { body }) => sum + bodyBytes(body), 0);
  checkSize(`Batch of ${messages.length} message bodies`, total);

  const answer = await connection.call({
    name: 'BatchSendMessage',
    target: `queue "${queue}"`,
    method: 'POST',
    path: `/queues/${queue}/messages`,
    root: 'Messages',
    body: xmlDocument('Messages', entries.map((entry) => `<Message>${entry}</Message>`).join('')),
    statuses: [201, 500],
  });
  return answer.read((body) => {
    const results = items(body, 'Message');
    if (results.length !== messages.length)
      throw new UnexpectedAnswer(`${messages.length} messages got ${results.length} results`);
    return results.map((item) => sendResult(answer, item));
  });
}

function sendResult(answer: Answer, item: Item): ItemResult<SentMessage> {
  const code = optionalText(item, 'ErrorCode');
  if (!code) return { ok: true, value: parseSent(item) };
  return { ok: false, error: answer.itemError(code, optionalText(item, 'ErrorMessage')) };
}

/**
 * Implements Queue.deleteBatch. A partly failed batch is answered with 404 and an entry for each handle
 * that was not deleted.
 */
export async function deleteBatch(
  connection: Connection,
  queue: string,
  handles: readonly string[],
): Promise<ItemResult<undefined>[]> {
  checkCount('receiptHandles', handles.length);
  const answer = await connection.call({
    name: 'BatchDeleteMessage',
    target: `queue "${queue}"`,
    method: 'DELETE',
    path: `/queues/${queue}/messages`,
    root: 'Errors',
    body: xmlDocument(
      'ReceiptHandles',
      handles.map((handle) => element('ReceiptHandle', handle)).join(''),
    ),
    statuses: [204, 404],
  });
  if (answer.status === 204) return handles.map(() => ({ ok: true, value: undefined }));
  return answer.read((body) => {
    const errors = new Map<string, Error>();
    for (const item of items(body, 'Error')) {
      const code = optionalText(item, 'ErrorCode') ?? 'UnexpectedAnswer';
      const handle = optionalText(item, 'ReceiptHandle') ?? '';
      errors.set(handle, answer.itemError(code, optionalText(item, 'ErrorMessage')));
    }
    // Without a clear list of failures no message can be reported as deleted.
    if (errors.size === 0 || [...errors.keys()].some((handle) => !handles.includes(handle)))
      throw new UnexpectedAnswer('answer does not say which messages were not deleted');
    return handles.map((handle) => {
      const error = errors.get(handle);
      return error ? { ok: false, error } : { ok: true, value: undefined };
    });
  });
}

function checkCount(name: string, count: number): void {
  if (count >= 1 && count <= MAX_BATCH) return;
  throw new AppError(`Batch has ${count} ${name}`, {
    code: 'InvalidBatchSize',
    remedy: `give 1 to ${MAX_BATCH}`,
  });
}
