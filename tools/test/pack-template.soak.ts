import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '#test/repository';
import { rendered } from './pack-template.ts';
import { linkPackages, runIn } from './repository-copy.ts';

it('packs an app that passes its own types, lint, build, check and tests, whatever it is called', async () => {
  const app = await rendered({ region: 'cn-shanghai', appName: 'my-app', accessAlias: 'team' });
  await linkPackages(app);
  runIn(app, 'npx', 'tsc');
  runIn(app, 'npx', 'biome', 'check', '--error-on-warnings');
  runIn(app, 'npx', 'fc-templates', 'build');
  runIn(app, 'npx', 'fc-templates', 'check');
  const tests = ['test/functions', 'test/e2e', 'local/test/project'];
  const ofTools = ['tools/test/serverless', 'tools/test/deployed', 'tools/test/new.test'];
  runIn(app, 'npx', 'vitest', 'run', ...tests, ...ofTools);
});

it('takes the defaults where nothing is given', async () => {
  const app = await rendered({ region: 'cn-hangzhou' });
  expect(await readFile(join(app, 's.yaml'), 'utf8')).toBe(
    await readFile(join(ROOT, 's.yaml'), 'utf8'),
  );
});
