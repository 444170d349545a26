import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { bundle } from '#src/build/bundle';
import { APART, type FilesApart, ON_FIRST_USE, onFirstUse } from '#src/build/on-first-use';
import { ROOT } from '#test/repository';
import { replacedIn, sdkBundle } from './sdk-bundle.ts';

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  logLevel: 'silent',
  metafile: true,
} as const;

/** Runs code as if a file of `by` contained it, bundled; `loaded` names what it has required so far. */
async function runAsPartOf(by: string, contents: string): Promise<Record<string, unknown>> {
  const apart: FilesApart = new Map();
  const { outputFiles } = await build({
    ...OPTIONS,
    plugins: [onFirstUse(apart)],
    stdin: { contents, resolveDir: ROOT, sourcefile: join(ROOT, 'node_modules', by, 'index.js') },
  });
  const loaded: string[] = [];
  const node = createRequire(import.meta.url);
  const require = (name: string) => {
    loaded.push(name);
    return node(apart.get(name.replace(/^\.\//, '')) ?? name);
  };
  const module = { exports: {} };
  runInNewContext(outputFiles[0]?.text ?? '', {
    module,
    exports: module.exports,
    require,
    loaded,
    Buffer,
  });
  return module.exports;
}

/** `alicloud-fc2-lib-client` of `@alicloud/fc2/lib/client.js`. */
const fileStem = (module: string) =>
  module.replace(/^@/, '').replace(/\.js$/, '').replaceAll('/', '-');

it('is still what the SDKs require, each entry of it', async () => {
  const apart: FilesApart = new Map();
  const replaced = replacedIn(await sdkBundle(onFirstUse(apart)), 'on-first-use');
  for (const module of apart.values()) {
    const plugins = [onFirstUse(apart)];
    const { metafile } = await build({
      ...OPTIONS,
      external: ['proxy-agent'],
      entryPoints: [module],
      plugins,
    });
    for (const pair of replacedIn(metafile, 'on-first-use')) replaced.add(pair);
  }
  const wanted = ON_FIRST_USE.flatMap(({ by, module }) =>
    by.map((owner) => `${owner} ${module} for ${owner}`),
  );
  expect(wanted.filter((pair) => !replaced.has(pair))).toEqual([]);
  expect([...apart.keys()]).toEqual(
    expect.arrayContaining(APART.map((name) => expect.stringMatching(`^${fileStem(name)}-\\d`))),
  );
});

it('loads a package apart from a file of its own, whoever imports it and however', async () => {
  const code = `
    exports.required = require('ali-oss');
    exports.imported = import('ali-oss').then((module) => module.default);
    exports.loaded = [...loaded];`;
  const { required, imported, loaded } = await runAsPartOf('some-package', code);
  expect(required).toBe(createRequire(import.meta.url)('ali-oss'));
  expect(await imported).toBe(required);
  expect(loaded).toEqual([expect.stringMatching(/^\.\/ali-oss-6\.\d+\.\d+\.js$/)]);
});

it('loads a module when it is first used, and not before', async () => {
  const packed = JSON.stringify(gzipSync('text').toString('base64'));
  const code = `
    const zlib = require('zlib');
    exports.before = [...loaded];
    exports.text = zlib.gunzipSync(Buffer.from(${packed}, 'base64')).toString();
    exports.after = [...loaded];`;
  await expect(runAsPartOf('urllib', code)).resolves.toEqual({
    before: [],
    text: 'text',
    after: ['zlib'],
  });
});

it('finds content types as mime does, and no type without loading it', async () => {
  const code = `
    const mime = require('mime');
    exports.none = ['', '.', '/'].map((path) => mime.getType(path));
    exports.before = [...loaded];
    exports.types = ['.txt', 'a.zip', '.unknown', 'zip'].map((path) => mime.getType(path));
    exports.after = [...loaded];`;
  const mime = createRequire(createRequire(import.meta.url).resolve('ali-oss'))('mime');
  const {
    none,
    before,
    types,
    after = [],
  } = (await runAsPartOf('ali-oss', code)) as Record<string, string[]>;
  expect(none).toEqual(['', '.', '/'].map((path) => mime.getType(path)));
  expect(before).toEqual([]);
  expect(after[0]).toMatch(/^\.\/mime-2/);
  expect(types).toEqual(['text/plain', 'application/zip', null, 'application/zip']);
});

it('constructs what the module constructs, and throws what it throws', async () => {
  const code = `
    const xml2js = require('xml2js');
    exports.before = [...loaded];
    new xml2js.Parser().parseString('<a><b>1</b></a>', (_, value) => { exports.value = value; });
    xml2js.parseString('<a>', (error) => { exports.message = error.message; });`;
  const { before, value, message } = await runAsPartOf('ali-oss', code);
  expect(before).toEqual([]);
  expect(value).toEqual({ a: { b: ['1'] } });
  expect(message).toMatch(/Unclosed root tag/);
});

it('applies only to the packages on the list', async () => {
  const code = `require('zlib'); exports.loaded = [...loaded];`;
  await expect(runAsPartOf('pino', code)).resolves.toEqual({ loaded: ['zlib'] });
});

it('leaves a file that code does without, where it is not there, to that code', async () => {
  const root = await mkdtemp(join(tmpdir(), 'on-first-use-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'functions', 'own'), { recursive: true });
  const code = `let found; try { found = require('./optional.js'); } catch {} console.log(found);`;
  await writeFile(join(root, 'functions', 'own', 'index.ts'), code);
  const bundles = await bundle(root, ['own'], []);
  expect(bundles.filesApart('own')).toEqual([]);
  expect(bundles.inputs('own')).toEqual(['functions/own/index.ts']);
  expect(Buffer.from(bundles.output('own/index.js')).toString()).toContain(
    'require("./optional.js")',
  );
});

it('calls the operations of ali-oss from a file of their own, as methods of its client', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'on-first-use-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bundles = await bundle(ROOT, ['oss-uploader'], []);
  const files = bundles.filesApart('oss-uploader');
  for (const file of files) await writeFile(join(folder, file), bundles.output(file));
  const require = createRequire(join(folder, 'index.js'));
  const path = (start: string) =>
    join(folder, files.find((file) => file.startsWith(start)) ?? `${start} is missing`);

  const Client = require(path('ali-oss-6'));
  const sent: object[] = [];
  const urllib = {
    request: async (url: string, { method }: { method: string }) => {
      sent.push({ url, method });
      const head = { status: 200, headers: { 'x-oss-meta-a': '1' } };
      return { ...head, data: null, res: head };
    },
  };
  const credential = { accessKeyId: 'id', accessKeySecret: 'secret' };
  const client = new Client({ ...credential, bucket: 'bucket', urllib, authorizationV4: true });
  const operations = path('ali-oss-operations-6');
  expect(require.cache[operations]).toBeUndefined();
  await expect(client.signatureUrlV4('GET', 60, {}, 'key')).resolves.toContain('/key?');
  expect(require.cache[operations]).toBeUndefined();
  await expect(client.head('/key')).resolves.toMatchObject({ meta: { a: '1' } });
  expect(sent).toEqual([{ method: 'HEAD', url: 'http://bucket.oss-cn-hangzhou.aliyuncs.com/key' }]);
  expect(require.cache[operations]).toBeDefined();
});
