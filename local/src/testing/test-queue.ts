import type { RunningCloud } from '../local-cloud.ts';
import type { QueueSpec } from '../project/types.ts';
import type { InspectedMessage, MessageInput, SentMessage } from '../smq/core/message.ts';

/** A message with its current state in its queue. */
export type TestMessage = InspectedMessage;

/** Delay, priority and properties of a message that is sent. */
export type TestSendOptions = Omit<MessageInput, 'body'>;

/** One queue of the account, read and filled without HTTP, signatures and policies. */
export class TestQueue {
  readonly name: string;
  readonly #cloud: RunningCloud;

  constructor(cloud: RunningCloud, name: string) {
    this.#cloud = cloud;
    this.name = name;
  }

  /** Creates the queue, or changes its attributes. Idempotent. */
  async create(attributes: Omit<QueueSpec, 'name'> = {}): Promise<void> {
    await this.#cloud.smq.service.apply({ queues: [{ ...attributes, name: this.name }] });
  }

  /** Deletes the queue with its messages. */
  async delete(): Promise<void> {
    await this.#cloud.smq.service.deleteQueue(this.name);
  }

  /** Sends a message. Throws an error with SMQ's own code: QueueNotExist, MalformedXML and others. */
  send(body: string, options: TestSendOptions = {}): Promise<SentMessage> {
    return this.#cloud.smq.service.send(this.name, { ...options, body });
  }

  /** Lists the messages, leased and delayed ones included, oldest first and at most `max` (1,000), without receiving them. Throws an error with the code QueueNotExist. */
  messages(max = 1000): TestMessage[] {
    return this.#cloud.smq.service.inspect(this.name, max);
  }

  /** Returns the bodies of `messages()`. */
  bodies(): string[] {
    return this.messages().map(({ body }) => body);
  }
}
