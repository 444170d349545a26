import { expect, it } from 'vitest';
import { readHouse } from '#src/check/house';
import { repositoryCopy, runIn } from './repository-copy.ts';

it('makes of each template a function that passes types, lint, check and every test as it is', async () => {
  const root = await repositoryCopy();
  const templates = (await readHouse(root)).folders;
  for (const name of templates)
    runIn(root, 'npx', 'tsx', 'tools/src/new.ts', `my-${name}`, '--from', name);

  runIn(root, 'npx', 'tsx', 'tools/src/build.ts');
  runIn(root, 'npx', 'tsc');
  runIn(root, 'npx', 'biome', 'check', '--error-on-warnings');
  runIn(root, 'npx', 'tsx', 'tools/src/check.ts');
  runIn(root, 'npx', 'vitest', 'run');
  expect((await readHouse(root)).folders).toHaveLength(2 * templates.length);
});
