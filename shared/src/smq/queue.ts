import type { ItemResult } from '../concurrency/item-result.ts';
import { items, number, text } from './answer.ts';
import { parseQueue, queueXml } from './attributes.ts';
import { deleteBatch, sendBatch } from './batch.ts';
import { checkName, checkRange } from './check.ts';
import type { Call, Connection } from './connection.ts';
import { MAX_BATCH, MAX_VISIBILITY_SECONDS, MIN_VISIBILITY_SECONDS } from './limits.ts';
import { messageXml, parsePeeked, parseSent } from './message.ts';
import { receiveBatch } from './receive.ts';
import type {
  Message,
  PeekedMessage,
  QueueAttributes,
  QueueSettings,
  ReceiveBatchOptions,
  ReceiveOptions,
  SendOptions,
  SentMessage,
} from './types.ts';
import { xmlDocument } from './xml.ts';

/**
 * An SMQ queue. Every method rejects with a ServiceError when the service refuses, fails or does not
 * answer. Whatever was sent may arrive twice and out of order: that is how SMQ delivers.
 */
export class Queue {
  readonly name: string;
  readonly #connection: Connection;

  constructor(connection: Connection, name: string) {
    this.name = checkName('Queue', name);
    this.#connection = connection;
  }

  /** The endpoint for a topic's subscription that delivers to this queue. */
  get endpoint(): string {
    const { region, accountId } = this.#connection;
    return `acs:mns:${region}:${accountId}:queues/${this.name}`;
  }

  /**
   * Stores one message. The body may take 64 KB as escaped UTF-8 and may not have characters that XML
   * cannot carry: an InvalidInputError (`PayloadTooLarge`, `InvalidCharacter`) is thrown before anything is
   * sent. After a ServiceError that is `retryable` the message may be stored or not.
   */
  async send(body: string, options: SendOptions = {}): Promise<SentMessage> {
    const answer = await this.#call({
      name: 'SendMessage',
      method: 'POST',
      path: this.#messages(),
      root: 'Message',
      body: xmlDocument('Message', messageXml(body, options)),
      statuses: [201],
    });
    return answer.read(parseSent);
  }

  /**
   * Stores 1 to 16 messages, 64 KB together, in one request. The results are in their order. Some may be
   * stored and others not.
   */
  sendBatch(
    messages: readonly ({ body: string } & SendOptions)[],
  ): Promise<ItemResult<SentMessage>[]> {
    return sendBatch(this.#connection, this.name, messages);
  }

  /** Leases one message; undefined if there is none. */
  async receive(options: ReceiveOptions = {}): Promise<Message | undefined> {
    const [message] = await this.receiveBatch({ ...options, max: 1 });
    return message;
  }

  /**
   * Leases up to `max` messages; none is an empty list. A list may be empty at once although `waitSeconds`
   * was given (too many polls at a time): then wait a little before the next. Throws a ServiceError
   * (`UnexpectedAnswer`) for an answer that cannot be read, such as one with a body that breaks XML. For
   * the hour after that, messages of this queue are received one by one, so that the others get past the
   * broken one and only that is left to the dead-letter policy.
   */
  receiveBatch(options: ReceiveBatchOptions = {}): Promise<Message[]> {
    return receiveBatch(this.#connection, this.name, options);
  }

  /**
   * Deletes a leased message. Throws a ServiceError (`MessageNotExist`) if the lease has ended: the message
   * may be handled again.
   */
  async delete(receiptHandle: string): Promise<void> {
    const handle = encodeURIComponent(receiptHandle);
    await this.#call({
      name: 'DeleteMessage',
      method: 'DELETE',
      path: this.#messages(`ReceiptHandle=${handle}`),
      statuses: [204],
    });
  }

  /**
   * Deletes 1 to 16 leased messages in one request. The results are in the handles' order. The valid ones
   * are deleted even if others fail.
   */
  deleteBatch(receiptHandles: readonly string[]): Promise<ItemResult<undefined>[]> {
    return deleteBatch(this.#connection, this.name, receiptHandles);
  }

  /**
   * Ends the lease in `seconds` (1 to 43,200) from now. Returns the new receipt handle, the only valid one
   * from then on.
   */
  async changeVisibility(
    receiptHandle: string,
    seconds: number,
  ): Promise<Pick<Message, 'receiptHandle' | 'nextVisibleTime'>> {
    checkRange('seconds', seconds, MIN_VISIBILITY_SECONDS, MAX_VISIBILITY_SECONDS);
    const handle = encodeURIComponent(receiptHandle);
    const answer = await this.#call({
      name: 'ChangeMessageVisibility',
      method: 'PUT',
      path: this.#messages(`receiptHandle=${handle}&visibilityTimeout=${seconds}`),
      root: 'ChangeVisibility',
      statuses: [200],
    });
    return answer.read((body) => ({
      receiptHandle: text(body, 'ReceiptHandle'),
      nextVisibleTime: number(body, 'NextVisibleTime'),
    }));
  }

  /** Looks at the first visible message without leasing it. */
  async peek(): Promise<PeekedMessage | undefined> {
    const [message] = await this.peekBatch(1);
    return message;
  }

  /** Looks at 1 to 16 visible messages without leasing them. */
  async peekBatch(max = MAX_BATCH): Promise<PeekedMessage[]> {
    checkRange('max', max, 1, MAX_BATCH);
    const answer = await this.#call({
      name: 'BatchPeekMessage',
      method: 'GET',
      path: this.#messages(`peekonly=true&numOfMessages=${max}`),
      root: 'Messages',
      statuses: [200],
      empty: 'MessageNotExist',
    });
    return answer.read((body) => items(body, 'Message').map(parsePeeked));
  }

  async attributes(): Promise<QueueAttributes> {
    const answer = await this.#call({
      name: 'GetQueueAttributes',
      method: 'GET',
      path: `/queues/${this.name}`,
      root: 'Queue',
      statuses: [200],
    });
    return answer.read(parseQueue);
  }

  /** Changes the given attributes and leaves the rest. */
  async setAttributes(settings: QueueSettings): Promise<void> {
    await this.#call({
      name: 'SetQueueAttributes',
      method: 'PUT',
      path: `/queues/${this.name}?metaoverride=true`,
      body: xmlDocument('Queue', queueXml(settings)),
      statuses: [204],
    });
  }

  #call(call: Omit<Call, 'target'>) {
    return this.#connection.call({ ...call, target: `queue "${this.name}"` });
  }

  #messages(query = ''): string {
    return `/queues/${this.name}/messages${query && `?${query}`}`;
  }
}
