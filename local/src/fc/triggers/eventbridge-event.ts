import { createHash } from 'node:crypto';
import type { QueueTriggerSpec } from '../../project/types.ts';
import type { QueueMessage } from '../sources.ts';

export interface QueueEventOptions {
  accountId: string;
  region: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Returns one batch as the function gets it: an array of CloudEvents, or with RawData only their
 * `data`.
 */
export function queueEvent(
  messages: readonly QueueMessage[],
  trigger: Pick<QueueTriggerSpec, 'name' | 'queue' | 'schema' | 'decodeBase64'>,
  options: QueueEventOptions,
): Buffer {
  const events = messages.map((message) => {
    const data = {
      requestId: hex(`${trigger.name}\n${message.id}`, 24),
      messageId: message.id,
      messageBody: trigger.decodeBase64 ? decoded(message.body) : message.body,
    };
    return trigger.schema === 'RawData' ? data : cloudEvent(message, data, trigger, options);
  });
  return Buffer.from(JSON.stringify(events));
}

function cloudEvent(
  message: QueueMessage,
  data: object,
  { name, queue }: Pick<QueueTriggerSpec, 'name' | 'queue'>,
  { accountId, region, now }: QueueEventOptions,
): object {
  const source = `MNS-Function-${name}`;
  const id = hex(message.id, 32).toLowerCase();
  return {
    id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    source,
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    datacontenttype: 'application/json; charset=utf-8',
    subject: `acs:mns:${region}:${accountId}:queues/${queue}`,
    time: new Date(message.enqueueTime).toISOString(),
    aliyunaccountid: accountId,
    aliyunpublishtime: new Date(now).toISOString(),
    aliyunoriginalaccountid: accountId,
    aliyuneventbusname: source,
    aliyunregionid: region,
    aliyunpublishaddr: '127.0.0.1',
    data,
  };
}

/** Derives an id from text: the same message has the same id each time it is pushed. */
function hex(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits).toUpperCase();
}

/**
 * Decodes a body; one that is not base64 of text is unchanged: what the cloud does with it is not
 * documented.
 */
function decoded(body: string): string {
  const bytes = Buffer.from(body, 'base64');
  const same = bytes.toString('base64') === body && bytes.length > 0;
  const text = bytes.toString();
  return same && Buffer.from(text).equals(bytes) ? text : body;
}
