import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readProject } from 'fc-local/project';
import { expect, it } from 'vitest';
import { withParameters } from '#src/pack-template/pack-template';
import { ROOT } from '#test/repository';
import { rendered } from './pack-template.ts';

it('renders region, app name and access into s.yaml, and nothing else into anything', async () => {
  const app = await rendered({ region: 'cn-shanghai', appName: 'my-app', accessAlias: 'team' });
  const project = await readProject({ dir: app, env: {}, accountId: '42' });
  expect(project).toMatchObject({ name: 'my-app', region: 'cn-shanghai' });
  expect(project.functions[0]?.name).toMatch(/^my-app-/);
  const text = await readFile(join(app, 's.yaml'), 'utf8');
  expect(text).toContain('\naccess: team\n');
  expect(text).not.toMatch(/undefined|\{\{/);
  const own = (await readFile(join(ROOT, 's.yaml'), 'utf8')).split('\n');
  expect(text.split('\n').filter((line, index) => line !== own[index])).toHaveLength(4);

  expect(await readdir(app)).toEqual(expect.arrayContaining(['.gitignore', 'package-lock.json']));
  for (const name of ['.git', 'dist', 'node_modules', 'publish.yaml'])
    expect(await readdir(app)).not.toContain(name);
});

it('says which line of s.yaml is no parameter any more', () => {
  expect(() => withParameters('name: other\n')).toThrow(
    's.yaml has access: … 0 times, and not once',
  );
  expect(() => withParameters('a: {{ b }}')).toThrow('s.yaml has {{ in it');
});
