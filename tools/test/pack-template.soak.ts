import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '#src/build';
import { rendered } from './pack-template.ts';
import { runIn } from './repository-copy.ts';

it('packs an app that passes its own types, lint, build, check and tests, whatever it is called', async () => {
  const app = await rendered({ region: 'cn-shanghai', appName: 'my-app', accessAlias: 'team' });
  await symlink(join(ROOT, 'node_modules'), join(app, 'node_modules'));
  runIn(app, 'npx', 'tsc');
  runIn(app, 'npx', 'biome', 'check', '--error-on-warnings');
  runIn(app, 'npx', 'tsx', 'tools/src/build.ts');
  runIn(app, 'npx', 'tsx', 'tools/src/check.ts');
  const tests = ['test/functions', 'test/e2e', 'local/test/project'];
  const ofScripts = ['tools/test/serverless', 'tools/test/deployed', 'tools/test/new.test'];
  runIn(app, 'npx', 'vitest', 'run', ...tests, ...ofScripts);
});

it('takes the defaults where nothing is told', async () => {
  const app = await rendered({ region: 'cn-hangzhou' });
  expect(await readFile(join(app, 's.yaml'), 'utf8')).toBe(
    await readFile(join(ROOT, 's.yaml'), 'utf8'),
  );
});
