import { randomUUID } from 'node:crypto';
import { OssClient } from '#shared/oss';
import type { Order } from '../functions/order.ts';
import type { LocalCloud } from '../local/src/main.ts';

/** A valid order, with what a test wants changed. */
export function anOrder(change: Partial<Order> = {}): Order {
  return {
    id: `order-${randomUUID().slice(0, 8)}`,
    customer: 'Ada',
    items: [{ sku: 'tea', quantity: 2 }],
    ...change,
  };
}

/** The name of the queue that queue-consumer drains. */
export function ordersQueue(cloud: LocalCloud): string {
  const consumer = cloud.project?.functions.find(({ resource }) => resource === 'queue-consumer');
  return consumer?.environmentVariables.QUEUE_NAME ?? '';
}

/** The queue that EventBridge empties for a function. */
export function pushedQueue(cloud: LocalCloud, name: string): string {
  const fn = cloud.project?.functions.find(({ resource }) => resource === name);
  const trigger = fn?.triggers.find(({ type }) => type === 'eventbridge');
  return trigger?.type === 'eventbridge' ? trigger.queue : '';
}

/** The topic that orders are published to. */
export function ordersTopic(cloud: LocalCloud): string {
  return cloud.project?.topics[0]?.name ?? '';
}

/** The JSON bodies in that queue, looked at without receiving them. */
export function queuedBodies(cloud: LocalCloud): unknown[] {
  return cloud.smq.service.inspect(ordersQueue(cloud)).map(({ body }) => JSON.parse(body));
}

/** The stored objects as text, by their keys. */
export async function storedObjects(
  cloud: LocalCloud,
  prefix: string,
): Promise<Record<string, string>> {
  const client = new OssClient({
    bucket: cloud.project?.buckets[0]?.name ?? '',
    region: cloud.region,
    credentials: cloud.accessKey,
    env: cloud.environment,
  });
  const { objects } = await client.listObjects({ prefix, max: 1000 });
  const pairs = objects.map(async ({ key }) => {
    const { body } = await client.getObject(key);
    return [key, body.toString('utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}
