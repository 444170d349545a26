import { defineConfig } from 'vitest/config';

/** What takes too long for every change: kill rounds, mutations by the thousand, faults at scale. */
export default defineConfig({
  resolve: { conditions: ['fc-source'] },
  ssr: { resolve: { conditions: ['fc-source'] } },
  test: {
    globalSetup: './test/e2e/packed/setup.ts',
    include: ['{shared,local,tools,test}/**/*.soak.ts'],
    // Each file in a process of its own: some measure that process's memory and descriptors.
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './test/summary-reporter.ts'],
    env: { LOG_LEVEL: 'silent' },
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
