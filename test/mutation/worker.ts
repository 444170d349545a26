// Tries mutants, one after the other, in one vitest that keeps what it has transformed. Started by run.ts.
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
      root,
      watch: false,
      reporters: [{}],
      bail: 1,
      project: ['all'],
      // A test that waits for what the mutant does not do any more.
      testTimeout: 5000,
      hookTimeout: 5000,
    },
    {
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
  await vitest.init();
  const wanted = first.tests.map((test) => resolve(root, test));
  const all = await vitest.globTestSpecifications(first.tests);
  const specifications = all.filter(({ moduleId }) =>
    wanted.some((path) => moduleId === path || moduleId.startsWith(`${path}/`)),
  );

  const isNoticed = async (): Promise<boolean> => {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    return unhandledErrors.length > 0 || testModules.some((one) => !one.ok());
  };
  process.send?.({ noticed: await isNoticed() } satisfies Verdict);
  process.on('message', async (mutant: Mutant) => {
    const path = resolve(root, mutant.file);
    active = mutant;
    vitest.invalidateFile(path);
    const noticed = await isNoticed();
    active = undefined;
    vitest.invalidateFile(path);
    process.send?.({ noticed } satisfies Verdict);
  });
});
