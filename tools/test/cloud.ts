import { startTestCloud, type TestCloud, type TestCloudOptions } from 'fc-local/testing';
import { onTestFinished } from 'vitest';
import { ROOT } from './repository.ts';

/** HTTP triggers let anyone in, as with `npm start`. */
const OPEN = { HTTP_AUTH: 'anonymous', UPLOAD_AUTH: 'anonymous' };

/** Starts a local cloud of the template, in memory, on free ports, stopped after the test. */
export async function templateCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const cloud = await startTestCloud({ project: ROOT, variables: OPEN, ...options });
  onTestFinished(() => cloud.close());
  return cloud;
}

/** Returns the name of the queue that queue-consumer drains. */
export function ordersQueue(cloud: TestCloud): string {
  return cloud.function('queue-consumer').env.QUEUE_NAME ?? '';
}
