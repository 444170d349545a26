import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { build, functionNames, ROOT } from '#src/build';
import { httpEvent } from '../../test/http-event.ts';
import { localCloud } from '../../test/local-cloud.ts';

/** A copy of what a bundle is made of, at another path. */
async function copyOfSources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'build-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const part of ['functions', 'shared', 'package.json', 'tsconfig.json'])
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

it('makes the same bytes of the same sources, wherever they stand', async () => {
  const [one, two] = [await copyOfSources(), await copyOfSources()];
  const names = ['topic-publisher', 'oss-uploader'];
  await build(names, one);
  await build(names, two);
  for (const file of names.flatMap((name) => [`${name}/index.js`, `${name}.js.map`]))
    expect(
      (await readFile(join(one, 'dist', file))).equals(await readFile(join(two, 'dist', file))),
      file,
    ).toBe(true);
});

it('makes the same bytes of a function alone and beside others', async () => {
  const folder = await copyOfSources();
  const bundle = () => readFile(join(folder, 'dist', 'topic-publisher', 'index.js'));
  const [alone] = await build(['topic-publisher'], folder);
  const bytes = await bundle();
  const [, beside] = await build(['oss-uploader', 'topic-publisher'], folder);
  expect((await bundle()).equals(bytes)).toBe(true);
  expect(beside).toEqual(alone);
});

it('puts nothing into a function’s package but its bundle', async () => {
  const folder = await copyOfSources();
  await build(['topic-publisher'], folder);
  expect(await readdir(join(folder, 'dist', 'topic-publisher'))).toEqual(['index.js']);
  const code = await readFile(join(folder, 'dist', 'topic-publisher', 'index.js'), 'utf8');
  expect(code).not.toContain('sourceMappingURL');
  expect(code).not.toContain(folder);
});

it('puts a code cache beside the bundle where one is asked for, the same bytes wherever it stands', async () => {
  const [one, two] = [await copyOfSources(), await copyOfSources()];
  const packages: Record<string, string>[] = [];
  for (const folder of [one, two]) {
    await build(['oss-uploader'], folder, { codeCache: true });
    const dist = join(folder, 'dist', 'oss-uploader');
    const files = (await readdir(dist)).sort();
    expect(files).toEqual(['bundle.cache', 'bundle.js', 'index.js']);
    const contents = await Promise.all(files.map((file) => readFile(join(dist, file), 'base64')));
    packages.push(Object.fromEntries(files.map((file, index) => [file, contents[index] ?? ''])));
  }
  expect(packages[0]).toEqual(packages[1]);

  await build(['oss-uploader'], one);
  expect(await readdir(join(one, 'dist', 'oss-uploader'))).toEqual(['index.js']);
});

it('builds a function that does its job from its code cache', async () => {
  const folder = await copyOfSources();
  await build(['oss-uploader'], folder, { codeCache: true });
  const cloud = await localCloud();
  const fn = cloud.project?.functions.find(({ resource }) => resource === 'oss-uploader');
  if (!fn) throw new Error('s.yaml declares no oss-uploader');
  await cloud.fc?.deploy({ ...fn, codeDir: join(folder, 'dist', 'oss-uploader'), triggers: [] });
  const event = httpEvent({ method: 'PUT', path: '/a.txt', body: 'text' });
  const { body } = (await cloud.fc?.invoke(fn.name, event)) ?? {};
  expect(JSON.parse(String(body))).toMatchObject({ statusCode: 201 });
});

it('replaces a bundle in place, so that a local cloud that runs in its folder keeps it', async () => {
  const folder = await copyOfSources();
  const target = join(folder, 'dist', 'topic-publisher');
  await build(['topic-publisher'], folder);
  const { ino } = await stat(target);
  await writeFile(join(target, 'left-over.js'), '');
  await build(['topic-publisher'], folder);
  expect((await stat(target)).ino).toBe(ino);
  expect(await readdir(target)).toEqual(['index.js']);
});

it('leaves out the SDK that a function does not use', async () => {
  const folder = await copyOfSources();
  const [lookup, uploader] = await build(['mpaas-vhost', 'oss-uploader'], folder);
  expect(lookup?.inputs.filter((file) => /ali-oss|@alicloud\/mns/.test(file))).toEqual([]);
  expect(uploader?.inputs.filter((file) => file.includes('@alicloud/mns'))).toEqual([]);
});

it('finds every folder under functions/', async () => {
  expect(await functionNames()).toEqual(
    expect.arrayContaining(['queue-consumer', 'topic-publisher']),
  );
});

it('names the file and line that does not compile, and keeps the bundle there was', async () => {
  const folder = await copyOfSources();
  await build(['topic-publisher'], folder);
  await writeFile(
    join(folder, 'functions/topic-publisher/index.ts'),
    'export const handler = (;\n',
  );
  await expect(build(['topic-publisher'], folder)).rejects.toThrow(
    /functions\/topic-publisher\/index\.ts:1:2\d: ERROR/,
  );
  expect(await readdir(join(folder, 'dist', 'topic-publisher'))).toEqual(['index.js']);
});
