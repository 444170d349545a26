import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manifestIn, withNeeds } from '#src/create/manifest';
import { vendorSources } from '#src/create/vendor';
import { readCatalog } from '#src/templates/catalog';
import { run } from '#test/run';
import { serverlessFile, strangersProject } from '../stranger.ts';

const MANIFEST = { name: 'theirs', type: 'module', private: true };
const SERVERLESS = { 's.yaml': serverlessFile('hello', './code') };
const ADD = ['add', 'queue-fleet', '--from-registry'];

async function theirs(packageJson: string, more: Record<string, string> = {}) {
  const cwd = await strangersProject({ ...SERVERLESS, ...more, 'package.json': packageJson });
  const read = (path: string) => readFile(join(cwd, path), 'utf8');
  return { cwd, read, all: async () => (await readdir(cwd, { recursive: true })).sort() };
}

it.each([
  ['without scripts', JSON.stringify(MANIFEST)],
  ['indented by tabs', `${JSON.stringify(MANIFEST, null, '\t')}\n`],
  ['indented by four blanks', `${JSON.stringify(MANIFEST, null, 4)}\n`],
  ['with CR LF', `${JSON.stringify(MANIFEST, null, 2)}\n`.replaceAll('\n', '\r\n')],
  ['with a byte order mark', `\ufeff${JSON.stringify(MANIFEST, null, 2)}\n`],
  [
    'with scripts and tools of its own',
    `${JSON.stringify({ ...MANIFEST, scripts: { test: 'vitest run' }, devDependencies: { vitest: '^4.1.12' } }, null, 2)}\n`,
  ],
])('adds to a package.json %s, in its format, and takes everything back', async (_, text) => {
  const { cwd, read, all } = await theirs(text, { 'src/own.js': 'export {};\n' });
  const before = await all();
  const { code, stderr } = await run(ADD, { cwd });
  expect([code, stderr]).toEqual([0, expect.stringContaining('This project is JavaScript')]);
  const written = await read('package.json');
  expect(JSON.parse(written.replace('\ufeff', ''))).toMatchObject({
    ...JSON.parse(text.replace('\ufeff', '')),
    imports: { '#shared/*': 'fc-kit/*' },
    dependencies: { 'fc-kit': expect.stringContaining('^') },
  });
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  expect(written).toContain(`\n${indent}"imports": {`);
  if (text.includes('\r')) expect(written).not.toMatch(/(?<!\r)\n/);
  expect((await run(ADD, { cwd })).stdout).toBe(
    'queue-fleet is there already, with all that it needs.\n',
  );

  expect(await run(['remove', 'queue-fleet'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  expect(await all()).toEqual(before);
  expect(await read('s.yaml')).toBe(SERVERLESS['s.yaml']);
  expect(JSON.parse((await read('package.json')).replace('\ufeff', ''))).toEqual(
    JSON.parse(text.replace('\ufeff', '')),
  );
});

it('takes back what it brought with the last function, and nothing that was there before', async () => {
  const manifest = {
    ...MANIFEST,
    scripts: { check: 'fc-templates check', build: 'fc-templates build' },
    devDependencies: { vitest: '^4.1.12', 'fc-templates': 'file:../fc-templates.tgz' },
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const { cwd, read } = await theirs(text);
  await run(ADD, { cwd });
  await run(['add', 'oss-sweeper', '--from-registry'], { cwd });
  await run(['remove', 'queue-fleet'], { cwd });
  expect(JSON.parse(await read('package.json'))).toHaveProperty('dependencies.fc-kit');
  const { stderr } = await run(['remove', 'oss-sweeper'], { cwd });
  expect([await read('package.json'), stderr]).toEqual([text, '']);
});

it('removes its packages from vendor/, and leaves other files there', async () => {
  const text = `${JSON.stringify(MANIFEST, null, 2)}\n`;
  const { cwd, read, all } = await theirs(text, { 'vendor/theirs.txt': 'theirs' });
  const before = await all();
  const sources = await vendorSources();
  await run(ADD, { cwd });
  const registry = await read('package.json');
  const vendored = withNeeds(text, manifestIn(readCatalog()), sources);
  expect(vendored.replaceAll(/file:vendor\/[\w-]+-([\d.]+)\.tgz/g, '^$1')).toBe(registry);
  await writeFile(join(cwd, 'package.json'), vendored);
  for (const name of Object.values(sources)) await writeFile(join(cwd, name.slice(5)), 'packed');
  const { stdout, stderr } = await run(['remove', 'queue-fleet'], { cwd });
  expect([stdout, stderr]).toEqual([expect.stringContaining('removed  vendor/'), '']);
  expect(await read('package.json')).toBe(text);
  expect(await all()).toEqual(before);
});

it('says what it cannot decide when nothing is left: about empty resources, and packages that add has not brought', async () => {
  const devDependencies = { 'fc-templates': 'file:../fc-templates.tgz' };
  const { cwd, read } = await theirs(JSON.stringify({ ...MANIFEST, devDependencies }), {
    's.yaml': 'edition: 3.0.0\nname: theirs\nresources: {}\n',
  });
  await run(ADD, { cwd });
  const { stderr } = await run(['remove', 'queue-fleet'], { cwd });
  expect(stderr).toContain('Nothing is left in resources of s.yaml');
  expect(stderr).toContain('fc-templates in package.json stays: add has not brought');
  expect(await read('s.yaml')).toBe('edition: 3.0.0\nname: theirs\n');
});

it.each([
  ['CommonJS', { name: 'theirs' }, {}, /This project is CommonJS/],
  ['jest', { ...MANIFEST, devDependencies: { jest: '1' } }, {}, /tests with jest.*testPathIgnore/],
  ['JavaScript', MANIFEST, {}, /This project is JavaScript/],
  [
    'other options of the compiler',
    MANIFEST,
    { 'tsconfig.json': '{}' },
    /set "allowImportingTsExtensions" and "noEmit"/,
  ],
  [
    'another way to shared',
    { ...MANIFEST, imports: { '#shared/*': './lib/*' } },
    {},
    /"#shared\/\*" in package\.json leads to "\.\/lib\/\*"/,
  ],
])('has a note on a project with %s', async (_, manifest, more, message) => {
  const { cwd } = await theirs(JSON.stringify(manifest), more);
  const { code, stderr } = await run([...ADD, '--dry-run'], { cwd });
  expect([code, stderr]).toEqual([0, expect.stringMatching(message)]);
});

it.each([
  ['{', /^error: package\.json is not valid JSON: .*\n$/],
  ['[]', /^error: package\.json holds no object, as .*\n$/],
])('says in one line what is wrong with the package.json %j', async (text, message) => {
  const { cwd, all } = await theirs(text);
  const before = await all();
  const { code, stdout, stderr } = await run(ADD, { cwd });
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
  expect(await all()).toEqual(before);
});

it('overwrites no existing file that has other content', async () => {
  const { cwd, read } = await theirs(JSON.stringify(MANIFEST), {
    'test/local-cloud.ts': '// ours',
  });
  const { code, stderr } = await run(ADD, { cwd });
  expect([code, stderr]).toEqual([0, expect.stringContaining('test/local-cloud.ts is there with')]);
  expect(await read('test/local-cloud.ts')).toBe('// ours');
  await writeFile(join(cwd, 'functions/queue-fleet/index.ts'), '// changed');
  const again = await run(ADD, { cwd });
  expect(again.stderr).toContain('functions/queue-fleet/index.ts is there with another content');
  expect(await read('functions/queue-fleet/index.ts')).toBe('// changed');
});

it.each(['9-lives', 'constructor', 'a'.repeat(32), 'deploy', 'Ünï'])(
  'refuses the name %s, in one line',
  async (name) => {
    const { cwd } = await theirs(JSON.stringify(MANIFEST));
    const { code, stderr } = await run([...ADD, '--as', name], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: "[^\n]*\n$/)]);
  },
);
