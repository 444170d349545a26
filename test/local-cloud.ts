import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import type { FunctionContext } from '#shared/handler';
import { type LocalCloud, type LocalCloudHooks, startLocalCloud } from '../local/src/main.ts';
import type { FunctionSpec } from '../local/src/project/types.ts';
import { fakeContext } from './fake-context.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A local cloud of this repository's s.yaml, in memory, on free ports, stopped after the test. */
export async function localCloud(
  options: { functions?: boolean; project?: string } = {},
  hooks: LocalCloudHooks = {},
): Promise<LocalCloud> {
  const cloud = await startLocalCloud({ project: ROOT, ...options }, hooks);
  onTestFinished(() => cloud.close());
  return cloud;
}

export interface CalledDirectly {
  cloud: LocalCloud;
  /** With a fresh credential of the function's role. */
  context: FunctionContext;
  fn: FunctionSpec;
  /** The function's variables from s.yaml. */
  env: Record<string, string>;
}

/** What a test needs to call a handler directly: the services, the function's environment in process.env for the time of the test, and a context its role's credential is in. */
export async function calledDirectly(name: string): Promise<CalledDirectly> {
  const cloud = await localCloud({ functions: false });
  const fn = cloud.project?.functions.find(({ resource }) => resource === name);
  if (!fn) throw new Error(`s.yaml declares no function "${name}"`);
  const env = { ...fn.environmentVariables, ...cloud.environment, LOG_LEVEL: 'silent' };
  for (const [variable, value] of Object.entries(env)) vi.stubEnv(variable, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const context = fakeContext({
    functionName: fn.name,
    credentials: cloud.credentialsOf(name),
    region: cloud.region,
    accountId: cloud.accountId,
    timeout: fn.timeout,
    memory: fn.memorySize,
  });
  return { cloud, context, fn, env };
}
