import type { ObservedInvocation } from '../fc/local-api.ts';
import type { LocalCloud, LocalCloudHooks, RunningCloud } from '../local-cloud.ts';
import { startLocalCloud } from '../main.ts';
import type { LocalCloudOptions } from '../options.ts';
import { TestBucket } from './test-bucket.ts';
import { TestFunction } from './test-function.ts';
import { TestQueue } from './test-queue.ts';
import { TestRole } from './test-role.ts';
import { TestTopic } from './test-topic.ts';

/** Options and hooks of `startLocalCloud`; `faults` chooses for each request, as `randomFaults` does. */
export interface TestCloudOptions extends Omit<LocalCloudOptions, 'faults'>, LocalCloudHooks {}

/** A running local cloud, with what a test reads and sets in it. */
export interface TestCloud extends LocalCloud, AsyncDisposable {
  queue(name: string): TestQueue;
  topic(name: string): TestTopic;
  /** Returns the bucket of that name; without a name the project's first. */
  bucket(name?: string): TestBucket;
  role(name: string): TestRole;
  /**
   * Returns the function of that key in s.yaml, or of that deployed name. Throws an Error that
   * lists the existing ones.
   */
  function(name: string): TestFunction;
}

/**
 * Starts a local cloud for a test: in memory, on free ports of 127.0.0.1. Close it at the end of the
 * test, by `close` or `await using`. Throws what `startLocalCloud` throws.
 *
 *     const cloud = await startTestCloud({ project: process.cwd() });
 *     await cloud.queue('orders').send('{"id":"1"}');
 *     await cloud.function('queue-consumer').fireTimer();
 *     expect(await cloud.bucket().objects('orders/')).toEqual({ 'orders/1.json': '{"id":"1"}' });
 *     await cloud.close();
 */
export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const { clock, onLog, tamper, faults, stopped, ...rest } = options;
  const hooks = {
    ...(clock && { clock }),
    ...(onLog && { onLog }),
    ...(tamper && { tamper }),
    ...(faults && { faults }),
    ...(stopped && { stopped }),
  };
  return testCloud(await startLocalCloud(rest, hooks));
}

/** Maximum number of invocations in `invocations()`. */
const MAX_OBSERVED = 10_000;

function testCloud(cloud: RunningCloud): TestCloud {
  const observed: ObservedInvocation[] = [];
  cloud.fc?.observe((invocation) => {
    if (observed.push(invocation) > MAX_OBSERVED) observed.shift();
  });
  const firstBucket = () => cloud.project?.buckets[0]?.name ?? '';
  return {
    ...cloud,
    queue: (name) => new TestQueue(cloud, name),
    topic: (name) => new TestTopic(cloud, name),
    bucket: (name = firstBucket()) => new TestBucket(cloud, name),
    role: (name) => new TestRole(cloud, name),
    function: (name) => new TestFunction(cloud, name, observed),
    [Symbol.asyncDispose]: () => cloud.close(),
  };
}
