import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Tests of what happens when a module is loaded for the first time, and of the log, which hides the secrets
 * that any test before has made it remember: each needs modules of its own.
 */
const OWN_MODULES = [
  'shared/test/debug-output.test.ts',
  'shared/test/failed-loads.test.ts',
  'shared/test/lazy-sdks.test.ts',
  'shared/test/log/*.test.ts',
  'shared/test/oss/bucket/sdk.test.ts',
];

export default defineConfig({
  // The packages' sources, so that nothing has to be built before.
  resolve: { conditions: ['fc-source'] },
  ssr: { resolve: { conditions: ['fc-source'] } },
  test: {
    pool: 'forks',
    // Starting a process costs the more the larger the one is that starts it, and many tests start some.
    // Many tests wait for processes that they have started: one worker more than there are cores.
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', './test/summary-reporter.ts'],
    // What the code under test logs; a test that reads logs gives its own destination.
    env: { LOG_LEVEL: 'silent' },
    // A busy machine may be several times slower.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{shared,local,tools,test}/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...OWN_MODULES],
          // Loading the modules anew for each file would take longer than the tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'own-modules', include: OWN_MODULES } },
    ],
  },
});
