/** The configuration of a project's tests. */
export const VITEST_CONFIG = `import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Loading the modules anew for each file would take longer than the tests.
    pool: 'threads',
    isolate: false,
    // Tests wait for the processes that they start: a worker for each core, and not one less.
    maxWorkers: '100%',
    // What the code under test logs; a test that reads logs gives its own destination.
    env: { LOG_LEVEL: 'silent' },
    // A busy machine may be several times slower.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
`;
