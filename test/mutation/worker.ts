// A vitest that keeps what it has transformed, and runs the tests once for each order. Started by trial.ts.
import { resolve } from 'node:path';
import { createVitest } from 'vitest/node';
import { PLAN } from './plan.ts';

/** The first message. */
export interface Start {
  root: string;
  /** File of the plan, which is read at each run. */
  plan: string;
  /** Folders and files of tests, from the root. */
  tests: string[];
  /** The changed text of each source, by its path from the root. */
  sources: Record<string, string>;
}

/** Each further message: the test modules to run, in that order; all if there are none. */
export interface Order {
  modules?: string[];
}

/** The answer to each order. */
export interface Verdict {
  failed: boolean;
  /** The modules that were run, with the ids of their tests. */
  modules: Record<string, string[]>;
}

process.once('message', async ({ root, plan, tests, sources }: Start) => {
  let wantedOrder: string[] | undefined;
  class InOrder {
    shard<T>(files: T): T {
      return files;
    }
    sort<T extends { moduleId: string }>(files: T[]): T[] {
      const place = ({ moduleId }: T) => wantedOrder?.indexOf(moduleId) ?? 0;
      return files.toSorted((a, b) => place(a) - place(b));
    }
  }
  const vitest = await createVitest(
    'test',
    {
      // Not the repository's configuration: plugins given here would not reach its projects.
      config: false,
      root,
      include: ['shared/test/**/*.test.ts'],
      watch: false,
      reporters: [{}],
      bail: 1,
      pool: 'threads',
      maxWorkers: 1,
      isolate: false,
      runner: resolve(import.meta.dirname, 'runner.ts'),
      sequence: { sequencer: InOrder },
      env: { LOG_LEVEL: 'silent', [PLAN]: plan },
      testTimeout: 10_000,
      hookTimeout: 10_000,
    },
    {
      resolve: { conditions: ['fc-source'] },
      ssr: { resolve: { conditions: ['fc-source'] } },
      plugins: [
        {
          name: 'mutants',
          enforce: 'pre',
          transform: (_code, id) => sources[id.split('?')[0]?.slice(root.length + 1) ?? ''],
        },
      ],
    },
  );
  await vitest.standalone();
  const wanted = tests.map((test) => resolve(root, test));
  const all = (await vitest.globTestSpecifications(tests)).filter(({ moduleId }) =>
    wanted.some((path) => moduleId === path || moduleId.startsWith(`${path}/`)),
  );

  process.on('message', async ({ modules }: Order) => {
    wantedOrder = modules;
    const some = modules ? all.filter(({ moduleId }) => modules.includes(moduleId)) : all;
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(some);
    const verdict: Verdict = {
      failed: unhandledErrors.length > 0 || testModules.some((one) => !one.ok()),
      modules: Object.fromEntries(
        testModules.map((one) => [one.moduleId, [...one.children.allTests()].map(({ id }) => id)]),
      ),
    };
    process.send?.(verdict);
  });
  process.send?.('ready');
});
