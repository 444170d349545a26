import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestCloud } from 'fc-local/testing';
import { beforeAll, expect, it } from 'vitest';
import { ROOT } from '#test/repository';
import { run } from '#test/run';
import { project } from './catalog.ts';
import { PAIRS, randomSubsets, SEED, SINGLES, type Subset } from './subsets.ts';
import { written } from './written.ts';

beforeAll(async () => {
  expect(await run(['build'])).toMatchObject({ code: 0, stderr: '' });
}, 300_000);

/**
 * Checks that the cloud starts without warnings, has what s.yaml declares, and that each function loads and
 * accepts an event.
 */
async function starts(subset: Subset): Promise<void> {
  const root = await written(project(subset));
  for (const name of subset)
    await cp(join(ROOT, 'dist', name), join(root, 'dist', name), { recursive: true });
  await using cloud = await startTestCloud({ project: root });
  expect(cloud.project?.warnings).toEqual([]);
  for (const name of subset) {
    const { errorType, body } = await cloud.function(name).invoke('{}');
    // The handler may refuse an event that is not its own.
    expect(errorType, `${name} of ${subset}: ${body}`).not.toBe('InitializationError');
  }
}

it.each(SINGLES)('starts a project of %s', (name) => starts([name]));

it(`starts each sixth pair and 12 subsets by chance (SUBSET_SEED=${SEED})`, async () => {
  const pairs = PAIRS.filter((_, index) => index % 6 === 0);
  for (const subset of [...pairs, ...randomSubsets(12)]) await starts(subset);
});
