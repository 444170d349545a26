import { fileURLToPath } from 'node:url';
import {
  type CalledDirectly,
  startTestCloud,
  type TestCloud,
  type TestCloudOptions,
  type TestFunction,
} from 'fc-local/testing';
import { onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** HTTP triggers let anyone in, as with `npm start`; as deployed, they require a signature. */
const OPEN = { HTTP_AUTH: 'anonymous', UPLOAD_AUTH: 'anonymous' };

/**
 * Starts a local cloud of this project, in memory, on free ports; it is stopped after the test. Neither
 * .env nor the shell's variables change what s.yaml says.
 */
export async function localCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const cloud = await startTestCloud({ project: ROOT, variables: OPEN, ...options });
  onTestFinished(() => cloud.close());
  return cloud;
}

export interface Called extends CalledDirectly {
  cloud: TestCloud;
  fn: TestFunction;
}

/**
 * Prepares what a test needs to call a handler directly: the services, the function's variables in
 * process.env until the test ends, and a context with a credential of its role.
 */
export async function calledDirectly(name: string): Promise<Called> {
  const cloud = await localCloud({ functions: false });
  const fn = cloud.function(name);
  const called = fn.calledDirectly();
  onTestFinished(called.restore);
  return { cloud, fn, ...called };
}
