import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take minutes: begun first, so that none of them is alone at the end. */
const LONGEST = [
  'tools/test/create.soak.ts',
  'test/mutation/mutation.soak.ts',
  'test/e2e/documents/commands.soak.ts',
  'shared/test/oss/archive/archive-memory.soak.ts',
  'test/browser/manage.soak.ts',
  'test/e2e/packed/packed.soak.ts',
  'test/browser/views.soak.ts',
  'test/e2e/faults/answers.soak.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files);
    const long = LONGEST.flatMap((path) => rest.filter(({ moduleId }) => moduleId.endsWith(path)));
    return [...long, ...rest.filter((file) => !long.includes(file))];
  }
}

/** What takes too long for every change: kill rounds, mutations by the thousand, faults at scale. */
export default defineConfig({
  resolve: { conditions: ['fc-source'] },
  ssr: { resolve: { conditions: ['fc-source'] } },
  test: {
    globalSetup: './test/e2e/packed/setup.ts',
    include: ['{shared,local,tools,test}/**/*.soak.ts'],
    // Each file in a process of its own: some measure that process's memory and descriptors.
    pool: 'forks',
    // They wait for processes, browsers and time limits more than they calculate.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './test/summary-reporter.ts'],
    env: { LOG_LEVEL: 'silent' },
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
