import { SmqClient } from 'fc-kit/smq';
import type { LocalCloud } from 'fc-local';
import type { TestCloud } from 'fc-local/testing';

/** A message in a queue, as far as the demo reads it. */
export interface QueuedMessage {
  messageId: string;
  body: string;
  /** Milliseconds since the epoch. */
  enqueueTime: number;
}

/** Lists the messages of a queue without receiving them. */
export type QueueLook = (queue: string) => Promise<QueuedMessage[]>;

/** Sees all of them, from inside. */
export function lookInside(cloud: TestCloud): QueueLook {
  return async (queue) =>
    cloud
      .queue(queue)
      .messages(Number.POSITIVE_INFINITY)
      .map(({ id, body, enqueueTime }) => ({ messageId: id, body, enqueueTime }));
}

/** Sees the first 16, as any client of SMQ may. */
export function lookFromOutside(cloud: LocalCloud): QueueLook {
  return (queue) => demoSmq(cloud).queue(queue).peekBatch();
}

/** SMQ with the key of the RAM user who may do everything. */
export function demoSmq({ accountId, region, accessKey, environment }: LocalCloud): SmqClient {
  return new SmqClient({ accountId, region, credentials: accessKey, env: environment });
}
