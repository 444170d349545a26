import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type BuiltFunction, build } from '#src/build/build';
import { functionNames } from '#src/project/function-names';
import { templateCloud } from '#test/cloud';
import { ROOT } from '#test/repository';
import { run } from '#test/run';

const PARTS = ['functions', 'shared/src', 'shared/package.json', 'package.json', 'tsconfig.json'];

/** Copies what a bundle is made from to another path. */
async function copyOfSources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'build-'));
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The sources at two paths, which no test changes. */
let [one, two] = ['', ''];
/** What the build says of these functions, which it has bundled at the first path. */
let built: BuiltFunction[] = [];
const BUILT = ['oss-uploader', 'topic-publisher', 'function-invoker', 'mpaas-vhost'];

beforeAll(async () => {
  [one, two] = [await copyOfSources(), await copyOfSources()];
  built = await build(one, BUILT);
});
afterAll(async () => {
  for (const folder of [one, two]) await rm(folder, { recursive: true });
});

const toldOf = (wanted: string) => built.find(({ name }) => name === wanted);
const inFolder = async (folder: string) => (await readdir(folder)).sort();

/** Returns the files of a function's package, with their bytes in base64. */
async function packageIn(root: string, name: string): Promise<Record<string, string>> {
  const folder = join(root, 'dist', name);
  const files = await inFolder(folder);
  const contents = await Promise.all(files.map((file) => readFile(join(folder, file), 'base64')));
  return Object.fromEntries(files.map((file, index) => [file, contents[index] ?? '']));
}

it('makes the same bytes from the same sources, wherever they are, alone and with others', async () => {
  for (const name of ['topic-publisher', 'oss-uploader']) {
    expect(await build(two, [name])).toEqual([toldOf(name)]);
    expect(await packageIn(two, name)).toEqual(await packageIn(one, name));
    const [map, same] = await Promise.all(
      [two, one].map((root) => readFile(join(root, 'dist', `${name}.js.map`))),
    );
    expect(map?.equals(same ?? Buffer.of()), name).toBe(true);
  }
});

const OSS_APART = ['ali-oss', 'ali-oss-operations', 'mime', 'urllib', 'xml2js'].map((module) =>
  expect.stringMatching(`^${module}-[\\d.]+\\.(js|cache)$`),
);

it('puts nothing into a function’s package but its bundle, and what that loads later', async () => {
  expect(await inFolder(join(one, 'dist', 'function-invoker'))).toEqual([
    expect.stringMatching(/^alicloud-fc2-lib-client-\d[\d.]*\.js$/),
    'index.js',
  ]);
  const target = join(one, 'dist', 'topic-publisher');
  const files = await inFolder(target);
  expect(files).toEqual(expect.arrayContaining(['index.js', ...OSS_APART]));
  expect(files).toHaveLength(1 + OSS_APART.length);
  const code = await readFile(join(target, 'index.js'), 'utf8');
  expect(code).not.toContain('sourceMappingURL');
  expect(code).not.toContain(one);
});

it('leaves out the SDK that a function does not use', () => {
  const [lookup, uploader] = [toldOf('mpaas-vhost'), toldOf('oss-uploader')];
  expect(lookup?.inputs.length).toBeGreaterThan(0);
  expect(lookup?.inputs.filter((file) => /ali-oss|@alicloud\/mns/.test(file))).toEqual([]);
  expect(uploader?.inputs.filter((file) => file.includes('ali-oss'))).not.toEqual([]);
  expect(uploader?.inputs.filter((file) => file.includes('@alicloud/mns'))).toEqual([]);
});

describe('a code cache', () => {
  let cached = '';
  let packages: Record<string, string>[] = [];
  beforeAll(async () => {
    cached = await copyOfSources();
    for (const root of [cached, two]) await build(root, ['oss-uploader'], { codeCache: true });
    packages = await Promise.all([cached, two].map((root) => packageIn(root, 'oss-uploader')));
  });
  afterAll(() => rm(cached, { recursive: true }));

  it('is put beside the bundle where one is asked for, the same bytes wherever it stands', () => {
    const files = Object.keys(packages[0] ?? {});
    const caches = files.filter((file) => file.endsWith('.cache'));
    expect(caches.map((file) => file.replace('.cache', '.js'))).toEqual(
      files.filter((file) => file.endsWith('.js') && file !== 'index.js'),
    );
    expect(caches).toEqual(expect.arrayContaining(['bundle.cache', ...OSS_APART]));
    expect(packages[0]).toEqual(packages[1]);
  });

  it('lets the function do its job', async () => {
    const cloud = await templateCloud();
    const uploader = cloud.function('oss-uploader');
    await uploader.redeploy({ codeDir: join(cached, 'dist', 'oss-uploader') });
    const response = await fetch(`${uploader.url}a.txt`, { method: 'PUT', body: 'text' });
    expect(response.status).toBe(201);
  });

  it('is gone after a build without one', async () => {
    await build(two, ['oss-uploader']);
    expect(await packageIn(two, 'oss-uploader')).toEqual(await packageIn(one, 'oss-uploader'));
  });
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
  const ended = await run(['build', 'mpaas-vhost', ...options], { cwd: two, env });
  expect(ended).toMatchObject({ code: 0 });
  expect((await inFolder(join(two, 'dist', 'mpaas-vhost'))).filter(isOwn)).toEqual(files);
});

it('replaces a bundle in place, so that a local cloud that runs in its folder keeps it', async () => {
  const target = join(two, 'dist', 'function-invoker');
  await build(two, ['function-invoker']);
  const { ino } = await stat(target);
  await writeFile(join(target, 'left-over.js'), '');
  await build(two, ['function-invoker']);
  expect((await stat(target)).ino).toBe(ino);
  expect(await readdir(target)).not.toContain('left-over.js');
});

it('finds every folder under functions/', async () => {
  expect(await functionNames(ROOT)).toEqual(
    expect.arrayContaining(['queue-consumer', 'topic-publisher']),
  );
});

it('names the file and line that does not compile, and keeps the previous bundle', async () => {
  const folder = await copyOfSources();
  onTestFinished(() => rm(folder, { recursive: true }));
  await build(folder, ['function-invoker']);
  await writeFile(
    join(folder, 'functions/function-invoker/index.ts'),
    'export const handler = (;\n',
  );
  await expect(build(folder, ['function-invoker'])).rejects.toThrow(
    /functions\/function-invoker\/index\.ts:1:2\d: ERROR/,
  );
  expect(await readdir(join(folder, 'dist', 'function-invoker'))).toContain('index.js');
});
