// Tries mutants, one after the other, in one vitest that keeps what it has transformed. Started by run.ts.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createVitest } from 'vitest/node';
import { type Mutant, mutated } from './mutants.ts';

/** What run.ts sends: the first message has the tests, each other one a mutant. */
export type Order = { root: string; tests: string[] } | Mutant;
/** The answer to each order. */
export interface Verdict {
  /** Of the unchanged sources: whether they pass. */
  noticed: boolean;
}

let active: Mutant | undefined;
let root = '';

process.once('message', async (first: { root: string; tests: string[] }) => {
  root = first.root;
  const vitest = await createVitest(
    'test',
    {
      // Not the repository's: plugins given here would not reach its projects.
      config: false,
      root,
      include: ['shared/test/**/*.test.ts'],
      watch: false,
      reporters: [{}],
      bail: 1,
      pool: 'threads',
      isolate: false,
      env: { LOG_LEVEL: 'silent' },
      // A test that waits for what the mutant does not do any more.
      testTimeout: 5000,
      hookTimeout: 5000,
    },
    {
      resolve: { conditions: ['fc-source'] },
      ssr: { resolve: { conditions: ['fc-source'] } },
      plugins: [
        {
          name: 'mutant',
          enforce: 'pre',
          transform: (_code, id) =>
            active && id.split('?')[0] === resolve(root, active.file)
              ? mutated(root, active)
              : undefined,
        },
      ],
    },
  );
  await vitest.standalone();
  const wanted = first.tests.map((test) => resolve(root, test));
  const all = await vitest.globTestSpecifications(first.tests);
  const specifications = all.filter(({ moduleId }) =>
    wanted.some((path) => moduleId === path || moduleId.startsWith(`${path}/`)),
  );

  // What imports the changed file holds what it was before, and so on up to the tests: all of the kit is
  // loaded anew, and the rest (the local cloud, packages) stays as it is.
  const kit = ['shared/src', 'shared/test'].flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => resolve(root, folder, file)),
  );

  const isNoticed = async (): Promise<boolean> => {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    return unhandledErrors.length > 0 || testModules.some((one) => !one.ok());
  };
  process.send?.({ noticed: await isNoticed() } satisfies Verdict);
  process.on('message', async (mutant: Mutant) => {
    active = mutant;
    for (const path of kit) {
      vitest.invalidateFile(path);
      vitest.watcher.invalidates.add(path);
    }
    const noticed = await isNoticed();
    active = undefined;
    process.send?.({ noticed } satisfies Verdict);
  });
});
