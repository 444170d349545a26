import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { build } from '#src/build/build';
import { functionNames } from '#src/project/function-names';
import { templateCloud } from '#test/cloud';
import { ROOT } from '#test/repository';
import { run } from '#test/run';

/** Copies what a bundle is made from to another path. */
async function copyOfSources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'build-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const part of ['functions', 'shared', 'package.json', 'tsconfig.json'])
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

it('makes the same bytes from the same sources, wherever they are', async () => {
  const [one, two] = [await copyOfSources(), await copyOfSources()];
  const names = ['topic-publisher', 'oss-uploader'];
  await build(one, names);
  await build(two, names);
  for (const file of names.flatMap((name) => [`${name}/index.js`, `${name}.js.map`]))
    expect(
      (await readFile(join(one, 'dist', file))).equals(await readFile(join(two, 'dist', file))),
      file,
    ).toBe(true);
});

it('makes the same bytes of a function alone and with others', async () => {
  const folder = await copyOfSources();
  const bundle = () => readFile(join(folder, 'dist', 'topic-publisher', 'index.js'));
  const [alone] = await build(folder, ['topic-publisher']);
  const bytes = await bundle();
  const [, beside] = await build(folder, ['oss-uploader', 'topic-publisher']);
  expect((await bundle()).equals(bytes)).toBe(true);
  expect(beside).toEqual(alone);
});

const OSS_APART = ['ali-oss', 'ali-oss-operations', 'mime', 'urllib', 'xml2js'].map((module) =>
  expect.stringMatching(`^${module}-[\\d.]+\\.(js|cache)$`),
);
const inFolder = async (folder: string) => (await readdir(folder)).sort();

it('puts nothing into a function’s package but its bundle, and what that loads later', async () => {
  const folder = await copyOfSources();
  await build(folder, ['topic-publisher', 'function-invoker']);
  expect(await inFolder(join(folder, 'dist', 'function-invoker'))).toEqual([
    expect.stringMatching(/^alicloud-fc2-lib-client-\d[\d.]*\.js$/),
    'index.js',
  ]);
  const target = join(folder, 'dist', 'topic-publisher');
  const files = await inFolder(target);
  expect(files).toEqual(expect.arrayContaining(['index.js', ...OSS_APART]));
  expect(files).toHaveLength(1 + OSS_APART.length);
  const code = await readFile(join(folder, 'dist', 'topic-publisher', 'index.js'), 'utf8');
  expect(code).not.toContain('sourceMappingURL');
  expect(code).not.toContain(folder);
});

it('puts a code cache beside the bundle where one is asked for, the same bytes wherever it stands', async () => {
  const [one, two] = [await copyOfSources(), await copyOfSources()];
  const packages: Record<string, string>[] = [];
  for (const folder of [one, two]) {
    await build(folder, ['oss-uploader'], { codeCache: true });
    const dist = join(folder, 'dist', 'oss-uploader');
    const files = (await readdir(dist)).sort();
    const caches = files.filter((file) => file.endsWith('.cache'));
    expect(caches.map((file) => file.replace('.cache', '.js'))).toEqual(
      files.filter((file) => file.endsWith('.js') && file !== 'index.js'),
    );
    expect(caches).toEqual(expect.arrayContaining(['bundle.cache', ...OSS_APART]));
    const contents = await Promise.all(files.map((file) => readFile(join(dist, file), 'base64')));
    packages.push(Object.fromEntries(files.map((file, index) => [file, contents[index] ?? ''])));
  }
  expect(packages[0]).toEqual(packages[1]);

  await build(one, ['oss-uploader']);
  expect(await readdir(join(one, 'dist', 'oss-uploader'))).not.toContain('bundle.js');
});

/** Whether a file of a package holds the function's own code, and not what its SDK seldom needs. */
function isOwn(file: string): boolean {
  return /^(?:bundle|index)\.\w+$/.test(file);
}

it.each([
  [{ CODE_CACHE: 'true' }, [], ['bundle.cache', 'bundle.js', 'index.js']],
  [{ CODE_CACHE: 'no' }, [], ['index.js']],
  [{ CODE_CACHE: 'no' }, ['--code-cache'], ['bundle.cache', 'bundle.js', 'index.js']],
])('build, with %j and %j, puts %j into the package', async (env, options, files) => {
  const cwd = await copyOfSources();
  expect(await run(['build', 'topic-publisher', ...options], { cwd, env })).toMatchObject({
    code: 0,
  });
  const own = (await readdir(join(cwd, 'dist', 'topic-publisher'))).filter(isOwn);
  expect(own.sort()).toEqual(files);
});

it('builds a function that does its job from its code cache', async () => {
  const folder = await copyOfSources();
  await build(folder, ['oss-uploader'], { codeCache: true });
  const cloud = await templateCloud();
  const uploader = cloud.function('oss-uploader');
  await uploader.redeploy({ codeDir: join(folder, 'dist', 'oss-uploader') });
  const response = await fetch(`${uploader.url}a.txt`, { method: 'PUT', body: 'text' });
  expect(response.status).toBe(201);
});

it('replaces a bundle in place, so that a local cloud that runs in its folder keeps it', async () => {
  const folder = await copyOfSources();
  const target = join(folder, 'dist', 'topic-publisher');
  await build(folder, ['topic-publisher']);
  const { ino } = await stat(target);
  await writeFile(join(target, 'left-over.js'), '');
  await build(folder, ['topic-publisher']);
  expect((await stat(target)).ino).toBe(ino);
  expect(await readdir(target)).not.toContain('left-over.js');
});

it('leaves out the SDK that a function does not use', async () => {
  const folder = await copyOfSources();
  const [lookup, uploader] = await build(folder, ['mpaas-vhost', 'oss-uploader']);
  expect(lookup?.inputs.filter((file) => /ali-oss|@alicloud\/mns/.test(file))).toEqual([]);
  expect(uploader?.inputs.filter((file) => file.includes('@alicloud/mns'))).toEqual([]);
});

it('finds every folder under functions/', async () => {
  expect(await functionNames(ROOT)).toEqual(
    expect.arrayContaining(['queue-consumer', 'topic-publisher']),
  );
});

it('names the file and line that does not compile, and keeps the previous bundle', async () => {
  const folder = await copyOfSources();
  await build(folder, ['topic-publisher']);
  await writeFile(
    join(folder, 'functions/topic-publisher/index.ts'),
    'export const handler = (;\n',
  );
  await expect(build(folder, ['topic-publisher'])).rejects.toThrow(
    /functions\/topic-publisher\/index\.ts:1:2\d: ERROR/,
  );
  expect(await readdir(join(folder, 'dist', 'topic-publisher'))).toContain('index.js');
});
