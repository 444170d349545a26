import { SmqClient } from 'fc-kit/smq';
import type { LocalCloud } from 'fc-local';
import type { TestCloud } from 'fc-local/testing';

/** The part of a queued message that the demo reads. */
export interface QueuedMessage {
  messageId: string;
  body: string;
  /** Milliseconds since the epoch. */
  enqueueTime: number;
}

/** Lists the messages of a queue without receiving them. */
export type QueueLook = (queue: string) => Promise<QueuedMessage[]>;

/** Returns a look at all messages, from inside the cloud. */
export function lookInside(cloud: TestCloud): QueueLook {
  return async (queue) =>
    cloud
      .queue(queue)
      .messages(Number.POSITIVE_INFINITY)
      .map(({ id, body, enqueueTime }) => ({ messageId: id, body, enqueueTime }));
}

/** Returns a look at the first 16 messages, as any client of SMQ may have it. */
export function lookFromOutside(cloud: LocalCloud): QueueLook {
  return (queue) => demoSmq(cloud).queue(queue).peekBatch();
}

/** Returns an SMQ client with the key of the RAM user who may do everything. */
export function demoSmq({ accountId, region, accessKey, environment }: LocalCloud): SmqClient {
  return new SmqClient({ accountId, region, credentials: accessKey, env: environment });
}
