import { randomUUID } from 'node:crypto';
import type { TestCloud, TestQueue, TestTopic } from 'fc-local/testing';
import type { Order } from '../functions/order.ts';

/** A valid order, with what a test wants changed. */
export function anOrder(change: Partial<Order> = {}): Order {
  return {
    id: `order-${randomUUID().slice(0, 8)}`,
    customer: 'Ada',
    items: [{ sku: 'tea', quantity: 2 }],
    ...change,
  };
}

/** The queue that queue-consumer drains. */
export function ordersQueue(cloud: TestCloud): TestQueue {
  return cloud.queue(cloud.function('queue-consumer').env.QUEUE_NAME ?? '');
}

/** The JSON bodies in that queue. */
export function queuedBodies(cloud: TestCloud): unknown[] {
  return ordersQueue(cloud)
    .bodies()
    .map((body) => JSON.parse(body));
}

/** The topic that orders are published to. */
export function ordersTopic(cloud: TestCloud): TestTopic {
  return cloud.topic(cloud.project?.topics[0]?.name ?? '');
}
