import {
  DrivenClock,
  functionContext,
  startTestCloud,
  type TestCloud,
  type TestCloudOptions,
  type TestRole,
} from 'fc-local/testing';
import { onTestFinished } from 'vitest';
import type { FunctionContext } from '#src/context/function-context';

export const ACCOUNT = '1000000000000001';
export const REGION = 'cn-hangzhou';
export const OWNER = { accessKeyId: 'owner-id', accessKeySecret: 'owner-secret-0123456789' };

export interface LocalAccount {
  /** Moves only when the test moves it. */
  clock: DrivenClock;
  cloud: TestCloud;
  /** A role that may do `actions` on anything. */
  role: TestRole;
  /** Returns a context of a function with that role, with a fresh credential each time. */
  context(): FunctionContext;
}

/**
 * Starts a local account whose owner may do everything, with these resources and one role. It is removed
 * after the test.
 */
export async function localAccount(
  options: TestCloudOptions = {},
  actions: string[] = ['*'],
): Promise<LocalAccount> {
  const clock = new DrivenClock();
  const account = { accountId: ACCOUNT, region: REGION, ...OWNER };
  const cloud = await startTestCloud({ functions: false, clock, ...account, ...options });
  onTestFinished(() => cloud.close());
  const role = cloud.role('function-role');
  role.allow(...actions);
  const context = () =>
    functionContext({ accountId: ACCOUNT, region: REGION, credentials: role.credentials(3600) });
  return { clock, cloud, role, context };
}
