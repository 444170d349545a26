import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
])('adds to a package.json %s, as it is written, and takes all of it back', async (_, text) => {
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
  // The packages of the commands stay: a person installs and uninstalls them.
  const left = JSON.parse((await read('package.json')).replace('\ufeff', ''));
  const { dependencies, devDependencies, ...rest } = left;
  const { devDependencies: own = {}, ...given } = JSON.parse(text.replace('\ufeff', ''));
  expect(rest).toEqual(given);
  expect(Object.keys(dependencies)).toEqual(['fc-kit']);
  expect(Object.keys(devDependencies).sort()).toEqual(
    [...Object.keys(own), 'fc-local', 'fc-templates'].sort(),
  );
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
])('has a word on a project with %s', async (_, manifest, more, message) => {
  const { cwd } = await theirs(JSON.stringify(manifest), more);
  const { code, stderr } = await run([...ADD, '--dry-run'], { cwd });
  expect([code, stderr]).toEqual([0, expect.stringMatching(message)]);
});

it.each([
  ['{', /^error: package\.json is no valid JSON: .*\n$/],
  ['[]', /^error: package\.json holds no object, as .*\n$/],
])('says in one line what is wrong with the package.json %j', async (text, message) => {
  const { cwd, all } = await theirs(text);
  const before = await all();
  const { code, stdout, stderr } = await run(ADD, { cwd });
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
  expect(await all()).toEqual(before);
});

it('writes over no file that is there with another content', async () => {
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
  'does not take the name %s, in one line',
  async (name) => {
    const { cwd } = await theirs(JSON.stringify(MANIFEST));
    const { code, stderr } = await run([...ADD, '--as', name], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: "[^\n]*\n$/)]);
  },
);
