import { expect, it } from 'vitest';
import { viewProject } from '#src/project/view';
import { repositoryCopy, runIn } from './repository-copy.ts';

it('makes of each template a function that passes types, lint, check and every test as it is', async () => {
  const root = await repositoryCopy();
  const templates = (await viewProject(root)).folders;
  const tool = (...args: string[]) => runIn(root, 'npx', 'fc-templates', ...args);
  for (const name of templates) tool('new', `my-${name}`, '--from', name);

  tool('build');
  runIn(root, 'npx', 'tsc');
  runIn(root, 'npx', 'biome', 'check', '--error-on-warnings');
  tool('check');
  runIn(root, 'npx', 'vitest', 'run');
  expect((await viewProject(root)).folders).toHaveLength(2 * templates.length);
});
