import type { RunningCloud } from '../local-cloud.ts';
import type { SubscriptionSpec, TopicSpec } from '../project/types.ts';
import type { PublishInput } from '../smq/core/publisher.ts';

/** Tag, attributes and properties of a message that is published. */
export type TestPublishOptions = Omit<PublishInput, 'body'>;

/** One topic of the account, without HTTP, signatures and policies. */
export class TestTopic {
  readonly name: string;
  readonly #cloud: RunningCloud;

  constructor(cloud: RunningCloud, name: string) {
    this.#cloud = cloud;
    this.name = name;
  }

  /** Creates the topic, or changes its attributes. Idempotent. */
  async create(attributes: Omit<TopicSpec, 'name'> = {}): Promise<void> {
    await this.#cloud.smq.service.apply({ topics: [{ ...attributes, name: this.name }] });
  }

  /** Subscribes a queue of the account under that name, in the format SIMPLIFIED (the body alone) unless another is given. */
  async subscribe(
    subscription: string,
    options: { queue: string } & Omit<SubscriptionSpec, 'name' | 'topic' | 'endpoint'>,
  ): Promise<void> {
    const { queue, ...attributes } = options;
    const { accountId, region, smq } = this.#cloud;
    const endpoint = `acs:mns:${region}:${accountId}:queues/${queue}`;
    const spec = { notifyContentFormat: 'SIMPLIFIED', ...attributes } as const;
    await smq.service.apply({
      subscriptions: [{ ...spec, name: subscription, topic: this.name, endpoint }],
    });
  }

  /** Publishes a message; resolves to its id. Throws an error with SMQ's own code: TopicNotExist and others. */
  async publish(body: string, options: TestPublishOptions = {}): Promise<{ messageId: string }> {
    const { messageId } = await this.#cloud.smq.service.publish(this.name, { ...options, body });
    return { messageId };
  }
}
