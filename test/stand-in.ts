import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCloud } from 'fc-local/testing';
import { onTestFinished } from 'vitest';

/**
 * Deploys a function of that code under a name that `caller` may call, instead of one that the project need
 * not have.
 */
export async function deployStandIn(
  cloud: TestCloud,
  caller: string,
  name: string,
  code: string,
): Promise<void> {
  const codeDir = await mkdtemp(join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rm(codeDir, { recursive: true, force: true }));
  await writeFile(join(codeDir, 'index.js'), code);
  const { spec } = cloud.function(caller);
  const what = { name, resource: 'stand-in', codeDir, triggers: [], environmentVariables: {} };
  await cloud.fc?.deploy({ ...spec, ...what });
}
