import type { TestCloud, TestQueue, TestTopic } from 'fc-local/testing';

/** The queue that the function consumes: by receiving, or pushed by EventBridge. */
export function queueOf(cloud: TestCloud, name: string): TestQueue {
  const { spec, env } = cloud.function(name);
  const pushed = spec.triggers.find((trigger) => trigger.type === 'eventbridge');
  return cloud.queue(pushed?.type === 'eventbridge' ? pushed.queue : (env.QUEUE_NAME ?? ''));
}

/** The topic that the function publishes to or is set off by. */
export function topicOf(cloud: TestCloud, name: string): TestTopic {
  return cloud.topic(cloud.function(name).env.TOPIC_NAME ?? '');
}

/** A queue of the test's own that gets what the function publishes. */
export async function subscribedQueue(cloud: TestCloud, name: string): Promise<TestQueue> {
  const queue = cloud.queue('what-is-published');
  await queue.create();
  await topicOf(cloud, name).subscribe('what-is-published', { queue: queue.name });
  return queue;
}

/** The JSON bodies in a queue. */
export function jsonIn(queue: TestQueue): unknown[] {
  return queue.bodies().map((body) => JSON.parse(body));
}
