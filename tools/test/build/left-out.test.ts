import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { isLeftOut, LEFT_OUT, leftOut } from '#src/build/left-out';
import { ROOT } from '#test/repository';
import { replacedIn, sdkBundle } from './sdk-bundle.ts';

const OPTIONS: BuildOptions & { metafile: true; write: false } = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  logLevel: 'silent',
  external: ['proxy-agent'],
  plugins: [leftOut()],
  metafile: true,
};

const node = createRequire(import.meta.url);

/** Runs code as if a file of `by` contained it, bundled. */
async function runAsPartOf(
  by: string,
  contents: string,
  globals: Record<string, unknown> = {},
): Promise<unknown> {
  const folder = join(ROOT, 'node_modules', by);
  const { outputFiles } = await build({
    ...OPTIONS,
    stdin: { contents, resolveDir: folder, sourcefile: join(folder, 'index.js') },
  });
  const module = { exports: {} };
  runInNewContext(outputFiles[0]?.text ?? '', {
    module,
    exports: module.exports,
    require: createRequire(import.meta.url),
    ...globals,
  });
  return module.exports;
}

describe('what is left out of the bundles', () => {
  let metafile: Metafile;

  beforeAll(async () => {
    metafile = await sdkBundle(leftOut());
  });

  it('is still required by each of the packages, module by module', () => {
    const replaced = replacedIn(metafile, 'left-out');
    const wanted = LEFT_OUT.flatMap(({ by, modules }) =>
      by.flatMap((owner) => modules.map((module) => `${owner} ${module}`)),
    );
    expect(wanted.filter((pair) => !replaced.has(pair))).toEqual([]);
  });

  it('gets into no bundle in another way, for its largest modules', () => {
    const inputs = Object.keys(metafile.inputs).filter((path) => !isLeftOut(path));
    expect(
      inputs.filter((path) =>
        /\/(iconv-lite|moment|socks|ip-address|ws|xmlbuilder|debug)\/|@alicloud\/credentials/.test(
          path,
        ),
      ),
    ).toEqual([]);
  });
});

interface Qs {
  stringify(query: object, options: object): string;
}

describe('a module left out', () => {
  it('may be loaded, and throws an error that names it as soon as it is used', async () => {
    await expect(runAsPartOf('urllib', `require('iconv-lite')`)).resolves.toEqual({});
    for (const use of [`.decode`, `()`, `.default.x`])
      await expect(runAsPartOf('urllib', `require('iconv-lite')${use}`)).rejects.toThrow(
        'iconv-lite is left out of this bundle, since fc-kit never uses it; bundle it with: fc-templates build --keep iconv-lite',
      );
  });

  it('throws for each of its members if they are merged into something else', async () => {
    const code = `
      const proto = {};
      require('merge-descriptors')(proto, require('./rtmp'));
      exports.names = Object.keys(proto);
      try { proto.putChannel(); } catch (error) { exports.said = error.message; }`;
    const { names, said } = (await runAsPartOf('ali-oss/lib', code)) as Record<string, unknown>;
    expect(names).toContain('getRtmpUrl');
    expect(said).toContain('./rtmp is left out of this bundle');
  });

  it('prints nothing of a request, whatever DEBUG says', async () => {
    const printed: unknown[] = [];
    const write = (text: unknown) => printed.push(text);
    const code = `
      const debug = require('debug')('httpx:header');
      debug('authorization: %s', 'secret');
      exports.enabled = debug.enabled;`;
    const process = { env: { DEBUG: '*' }, stderr: { write, fd: 2 }, argv: [] };
    await expect(runAsPartOf('httpx', code, { process })).resolves.toEqual({ enabled: false });
    expect(printed).toEqual([]);
  });

  it('distinguishes IP addresses from names as ali-oss does', async () => {
    const hosts = [
      '127.0.0.1',
      '256.0.0.1',
      '::1',
      'fd00::1',
      'localhost',
      'a.aliyuncs.com',
      '1.2.3',
    ];
    const code = `
      const { isIP } = require('./isIP');
      exports.answers = ${JSON.stringify(hosts)}.map(isIP);`;
    const { isIP } = createRequire(import.meta.url)('ali-oss/lib/common/utils/isIP');
    await expect(runAsPartOf('ali-oss/lib/common/utils', code)).resolves.toEqual({
      answers: hosts.map((host) => isIP(host)),
    });
  });

  it('signs the same queries as with qs', async () => {
    const { encodeString } = node('ali-oss/lib/common/utils/encodeString');
    const options = {
      encoder: encodeString,
      sort: (a: string, b: string) => a.localeCompare(b),
      strictNullHandling: true,
    };
    const queries = [
      {},
      { uploads: null, 'encoding-type': 'url' },
      { uploadId: 'A+/= b', partNumber: 12, empty: '', none: undefined },
      { 'x-oss-process': "image/resize,w_100!'()*", prefix: '中文 😀', a: true, b: false },
      {
        'list-type': 2,
        'max-keys': 9,
        'start-after': 'a',
        'fetch-owner': true,
        'encoding-type': 1,
      },
      { 'upload-id-marker': 'a', uploadId: 'b', uploads: null, versionId: 'c', versions: null },
    ];
    const ours = (await runAsPartOf('ali-oss/lib/common', `module.exports = require('qs');`)) as Qs;
    const texts = (qs: Qs) => queries.map((query) => qs.stringify(query, options));
    expect(texts(ours)).toEqual(texts(node('qs')));
    // By bytes, as OSS does, where ali-oss would put `a` first.
    expect(ours.stringify({ a: 1, B: 2 }, options)).toBe('B=2&a=1');
  });

  it('dates requests, and tells texts, lists and streams, as the modules do', async () => {
    type Modules = { date(at: unknown, format: string): string; is: Record<string, Test> };
    type Test = (value: unknown) => boolean;
    const code = `exports.date = require('dateformat'); exports.is = require('is-type-of');
      exports.version = require('../package.json').version;`;
    const ours = (await runAsPartOf('ali-oss/lib', code)) as Modules & { version: string };
    expect(ours.version).toBe(node('ali-oss/package.json').version);
    for (const format of ["UTC:yyyymmdd'T'HHMMss'Z'", "UTC:ddd, dd mmm yyyy HH:MM:ss 'GMT'"])
      for (const at of [new Date(1_790_000_000_123), 5, Date.UTC(2026, 0, 2, 3, 4, 5)])
        expect(ours.date(at, format)).toBe(node('dateformat')(at, format));
    const values = ['', 'text', [], {}, null, 1, process.stdin, new PassThrough(), new Writable()];
    for (const kind of ['string', 'array', 'readableStream', 'writableStream'])
      for (const value of values)
        expect([kind, ours.is[kind]?.(value)]).toEqual([kind, node('is-type-of')[kind](value)]);
  });

  it('escapes and counts seconds as utility does', async () => {
    interface Utility {
      encodeURIComponent(text: string): string;
      escape(text: string): string;
      timestamp(): number;
    }
    const [ours, theirs] = [
      (await runAsPartOf('ali-oss/lib', `module.exports = require('utility');`)) as Utility,
      node('utility') as Utility,
    ];
    for (const text of ['a b/+%', `<"&'>`, 'half \ud83d', '中文']) {
      expect(ours.encodeURIComponent(text)).toBe(theirs.encodeURIComponent(text));
      expect(ours.escape(text)).toBe(theirs.escape(text));
    }
    expect(Math.abs(ours.timestamp() - theirs.timestamp())).toBeLessThanOrEqual(1);
  });

  it('asserts what it is asked to', async () => {
    const code = `
      const assert = require('assert');
      assert('id', 'must pass in "opts"');
      try { assert(undefined, 'must pass in "opts"'); } catch (error) { exports.error = error; }`;
    await expect(runAsPartOf('@alicloud/mns', code)).resolves.toMatchObject({
      error: { code: 'ERR_ASSERTION', message: 'must pass in "opts"' },
    });
  });

  it('gives a call the credential that it was made with', async () => {
    const code = `
      const { default: Credential, Config } = require('@alicloud/credentials');
      const given = { type: 'sts', accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' };
      exports.model = new Credential(new Config(given)).getCredential();`;
    const { model } = (await runAsPartOf('@alicloud/openapi-core', code)) as {
      model: Promise<unknown>;
    };
    await expect(model).resolves.toEqual({
      type: 'sts',
      accessKeyId: 'id',
      accessKeySecret: 'secret',
      securityToken: 'token',
    });
  });

  it('is bundled if it is to be kept', async () => {
    const folder = join(ROOT, 'node_modules', 'urllib');
    const { metafile } = await build({
      ...OPTIONS,
      plugins: [leftOut(['iconv-lite'])],
      stdin: {
        contents: `require('iconv-lite'); require('formstream');`,
        resolveDir: folder,
        sourcefile: join(folder, 'index.js'),
      },
    });
    expect(Object.keys(metafile.inputs).filter(isLeftOut)).toEqual(['left-out:formstream']);
  });

  it('stays itself for other packages that require it', async () => {
    const contents = `require('iconv-lite')`;
    const { metafile } = await build({
      ...OPTIONS,
      stdin: { contents, resolveDir: ROOT, sourcefile: join(ROOT, 'shared', 'text.js') },
    });
    expect(Object.keys(metafile.inputs).filter(isLeftOut)).toEqual([]);
  });

  it('does not change what qs does with its table of visited objects', async () => {
    const code = `
      const qs = require('qs');
      const ring = {}; ring.self = ring;
      try { qs.stringify(ring); } catch (error) { exports.ring = error.message; }
      exports.text = qs.stringify({ a: { b: [1, 2] }, c: 'd e' });`;
    await expect(runAsPartOf('urllib', code)).resolves.toEqual({
      ring: 'Cyclic object value',
      text: 'a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B1%5D=2&c=d%20e',
    });
  });
});
