import type { TestCloud, TestQueue, TestTopic } from 'fc-local/testing';

/** Returns the queue that the function consumes: by receiving, or pushed by EventBridge. */
export function queueOf(cloud: TestCloud, name: string): TestQueue {
  const { spec, env } = cloud.function(name);
  const pushed = spec.triggers.find((trigger) => trigger.type === 'eventbridge');
  return cloud.queue(pushed?.type === 'eventbridge' ? pushed.queue : (env.QUEUE_NAME ?? ''));
}

/** Returns the topic that the function publishes to or is started by. */
export function topicOf(cloud: TestCloud, name: string): TestTopic {
  return cloud.topic(cloud.function(name).env.TOPIC_NAME ?? '');
}

/** Makes a queue for the test that gets what the function publishes. */
export async function subscribedQueue(cloud: TestCloud, name: string): Promise<TestQueue> {
  const queue = cloud.queue('what-is-published');
  await queue.create();
  await topicOf(cloud, name).subscribe('what-is-published', { queue: queue.name });
  return queue;
}

/** Returns the JSON bodies in a queue. */
export function jsonIn(queue: TestQueue): unknown[] {
  return queue.bodies().map((body) => JSON.parse(body));
}
