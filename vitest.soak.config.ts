import { defineConfig } from 'vitest/config';

/** What takes too long for every change: kill rounds, mutations by the thousand, faults at scale. */
export default defineConfig({
  test: {
    include: ['test/**/*.soak.ts'],
    fileParallelism: false,
    reporters: ['default', './test/summary-reporter.ts'],
    env: { LOG_LEVEL: 'silent' },
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
