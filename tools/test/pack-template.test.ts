import { parseYaml, readProject, toPlain } from 'fc-local/project';
import { expect, it } from 'vitest';
import { templateFiles, withParameters } from '#src/pack-template/pack-template';
import { catalog, NAMES, sources } from './parts/catalog.ts';
import { written } from './parts/written.ts';

const packed = (name: string, functions: readonly string[]) =>
  templateFiles(catalog, name, { name: 'function-app', region: 'cn-hangzhou', functions, sources });

it.each([...NAMES, 'all'])(
  'packs %s with readmes and texts in two languages, and parameters for s init',
  (name) => {
    const files = packed(name, name === 'all' ? NAMES : [name]);
    expect(files.get('readme.md')).toMatch(/函数计算/);
    expect(files.get('readme.md')).toContain(`\`${NAMES.includes(name) ? name : NAMES[0]}\``);
    expect(files.get('readme.en.md')).toContain('Function Compute');
    expect(files.get('src/README.md')).toContain('Function Compute');
    expect(files.get('src/README.zh-CN.md')).toMatch(/函数计算/);
    const publish = Object(toPlain(parseYaml(files.get('publish.yaml') ?? '', 'publish.yaml')));
    expect(publish.Name).toBe(name === 'all' ? 'fc-templates' : `fc-templates-${name}`);
    expect(publish.Description).toMatch(/\p{Script=Han}.* · [A-Z]/u);
    expect(Object.keys(publish.Parameters.properties)).toEqual([
      'region',
      'appName',
      'accessAlias',
    ]);
    for (const parameter of ['region', 'appName', 'accessAlias'])
      expect(files.get('src/s.yaml')).toContain(`{{ ${parameter} }}`);
    for (const [path, text] of files)
      if (path !== 'src/s.yaml') expect(text.includes('{{'), path).toBe(false);
  },
);

it('is read by the local cloud once the parameters are filled in', async () => {
  const values: Record<string, string> = {
    region: 'cn-shanghai',
    appName: 'my-app',
    accessAlias: 'team',
  };
  const files = new Map(
    [...packed('queue-consumer', ['queue-consumer'])].flatMap(([path, text]) =>
      path.startsWith('src/')
        ? [[path.slice(4), text.replace(/\{\{ (\w+) \}\}/g, (_, name) => values[name] ?? '')]]
        : [],
    ) as [string, string][],
  );
  const dir = await written(files);
  const project = await readProject({ dir, env: {}, dotEnv: false, accountId: '42' });
  expect(project).toMatchObject({ name: 'my-app', region: 'cn-shanghai' });
  expect(project.functions.map(({ name }) => name)).toEqual(['my-app-queue-consumer']);
});

it('leaves everything else of s.yaml unchanged', () => {
  const text = catalog.get('s.yaml') ?? '';
  const own = text.split('\n');
  const changed = withParameters(text)
    .split('\n')
    .filter((line, index) => line !== own[index]);
  expect(changed).toHaveLength(4);
});
