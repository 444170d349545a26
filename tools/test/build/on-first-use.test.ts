import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { ON_FIRST_USE, onFirstUse } from '#src/build/on-first-use';
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

/** Runs code as if a file of `by` contained it, bundled; `loaded` names what it has required from Node so far. */
async function runAsPartOf(by: string, contents: string): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    ...OPTIONS,
    plugins: [onFirstUse],
    stdin: { contents, resolveDir: ROOT, sourcefile: join(ROOT, 'node_modules', by, 'index.js') },
  });
  const loaded: string[] = [];
  const node = createRequire(import.meta.url);
  const require = (name: string) => {
    loaded.push(name);
    return node(name);
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

it('is still what the SDKs require, each entry of it', async () => {
  const replaced = replacedIn(await sdkBundle(onFirstUse), 'on-first-use');
  const wanted = ON_FIRST_USE.flatMap(({ by, module }) =>
    by.map((owner) => `${owner} ${module} for ${owner}`),
  );
  expect(wanted.filter((pair) => !replaced.has(pair))).toEqual([]);
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

it('constructs what the module constructs, and throws what it throws', async () => {
  const code = `
    const xml2js = require('xml2js');
    new xml2js.Parser().parseString('<a><b>1</b></a>', (_, value) => { exports.value = value; });
    xml2js.parseString('<a>', (error) => { exports.message = error.message; });`;
  const { value, message } = await runAsPartOf('ali-oss', code);
  expect(value).toEqual({ a: { b: ['1'] } });
  expect(message).toMatch(/Unclosed root tag/);
});

it('applies only to the packages on the list', async () => {
  const code = `require('zlib'); exports.loaded = [...loaded];`;
  await expect(runAsPartOf('pino', code)).resolves.toEqual({ loaded: ['zlib'] });
});
