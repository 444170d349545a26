import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { codeCaches, type PackageFiles } from '#src/build/code-cache';

const BUNDLE = Buffer.from(`"use strict";
exports.handler = function handler(name) { return { hello: name, stack: new Error("here").stack }; };
`);

/**
 * Loads the package in the working folder as the runtime does, records whether V8 accepted the cache, and
 * calls the handler.
 */
const CALL = `
const v8 = require('node:v8'), vm = require('node:vm');
const { Script } = vm;
let taken;
vm.Script = class extends Script {
  constructor(...args) {
    super(...args);
    if (this.cachedDataRejected !== undefined) taken = !this.cachedDataRejected;
  }
};
if (process.env.NODE_VERSION_LIKE) Object.defineProperty(process, 'version', { value: process.env.NODE_VERSION_LIKE });
const flags = () => [v8.cachedDataVersionTag(), v8.getHeapStatistics().heap_size_limit, typeof gc];
const before = flags();
const { hello, stack } = require(process.cwd() + '/index.js').handler('world');
console.log(JSON.stringify({ taken, hello, frame: stack.split('\\n')[1], before, after: flags() }));`;

const withCodeCache = (bundle: Uint8Array) => codeCaches()({ 'index.js': bundle });

interface Called {
  /** Undefined if V8 was given none. */
  taken?: boolean;
  hello: string;
  frame: string;
  before: unknown[];
  after: unknown[];
}

async function call(
  files: PackageFiles,
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Called> {
  const folder = await mkdtemp(join(tmpdir(), 'code-cache-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--eval', CALL], {
    cwd: folder,
    env,
  });
  return JSON.parse(stdout);
}

const FC_FLAGS = (memory: number) => [`--max-old-space-size=${memory}`, '--expose-gc'];

let files: PackageFiles;
let cache: Buffer;
beforeAll(async () => {
  files = await withCodeCache(BUNDLE);
  cache = Buffer.from(files['bundle.cache'] ?? '');
});

describe('a package with a code cache', () => {
  it('holds the unchanged bundle, and the same bytes each time', async () => {
    expect(files['bundle.js']).toEqual(BUNDLE);
    expect(await withCodeCache(BUNDLE)).toEqual(files);
  });

  it.each([
    ['without flags', []],
    ['with 128 MB', FC_FLAGS(115)],
    ['with 3 GB', FC_FLAGS(2764)],
    ['with a flag spelt the other way', ['--max_old_space_size=460']],
  ])('has its cache accepted %s, and leaves the flags unchanged', async (_, flags) => {
    const { taken, hello, before, after } = await call(files, flags);
    expect({ taken, hello }).toEqual({ taken: true, hello: 'world' });
    expect(after).toEqual(before);
  });

  it('answers although V8 ignores the cache, under a flag of another kind', async () => {
    await expect(call(files, ['--no-opt'])).resolves.toMatchObject({
      taken: false,
      hello: 'world',
    });
  });

  it('has the lines and columns of the bundle in its stack traces, with the cache and without', async () => {
    const place = ({ frame }: Called) => /bundle\.js:\d+:\d+/.exec(frame)?.[0];
    const plain = await call({ 'index.js': BUNDLE });
    const expected = /index\.js:(\d+:\d+)/.exec(plain.frame)?.[1];
    expect(expected).toBeDefined();
    expect(place(await call(files))).toBe(`bundle.js:${expected}`);
    expect(place(await call(files, ['--no-opt']))).toBe(`bundle.js:${expected}`);
    expect(place(await call({ ...files, 'bundle.cache': Buffer.alloc(0) }))).toBe(
      `bundle.js:${expected}`,
    );
  });
});

describe('a package with a script that its bundle loads later', () => {
  const scripts = {
    'index.js': Buffer.from(`"use strict";
exports.handler = function handler(name) {
  const later = require("./later-1.0.0.js");
  if (require("./later-1.0.0.js") !== later) throw new Error("loaded twice");
  return { hello: later.greet(name) + require("node:path").sep, stack: later.stack };
};
`),
    'later-1.0.0.js': Buffer.from(`"use strict";
exports.greet = (name) => name + ", later";
exports.stack = new Error("here").stack;
`),
  };

  it('has a cache of each, and takes both', async () => {
    const packed = await codeCaches()(scripts);
    expect(Object.keys(packed).sort()).toEqual([
      'bundle.cache',
      'bundle.js',
      'index.js',
      'later-1.0.0.cache',
      'later-1.0.0.js',
    ]);
    const { taken, hello, frame, before, after } = await call(packed, FC_FLAGS(115));
    expect({ taken, hello }).toEqual({ taken: true, hello: 'world, later/' });
    expect(frame).toMatch(/later-1\.0\.0\.js:3:\d+/);
    expect(after).toEqual(before);
  });

  it('runs it again, as Node does, after it failed', async () => {
    const packed = await codeCaches()({
      'index.js': Buffer.from(`"use strict";
exports.handler = function handler(name) {
  try {
    require("./later-1.0.0.js");
  } catch (error) {
    return { hello: error.message + ", then " + require("./later-1.0.0.js").greet(name), stack: error.stack };
  }
};
`),
      'later-1.0.0.js': Buffer.from(`"use strict";
if (!globalThis.failed) {
  globalThis.failed = true;
  throw new Error("too many open files");
}
exports.greet = (name) => name;
`),
    });
    await expect(call(packed)).resolves.toMatchObject({
      hello: 'too many open files, then world',
    });
  });

  it('runs it as Node does without its cache, and when the cache is damaged', async () => {
    const { 'later-1.0.0.cache': cache, ...rest } = await codeCaches()(scripts);
    const damaged = Buffer.from(cache ?? '').fill(1, 40);
    for (const packed of [rest, { ...rest, 'later-1.0.0.cache': damaged }])
      await expect(call(packed)).resolves.toMatchObject({ hello: 'world, later/' });
  });
});

describe('a code cache that does not fit', () => {
  const changed = (at: number) => {
    const copy = Buffer.from(cache);
    copy[at] = (copy[at] ?? 0) ^ 0xff;
    return copy;
  };

  it.each<[string, () => PackageFiles]>([
    ['damaged', () => ({ ...files, 'bundle.cache': changed(cache.length >> 1) })],
    ['of a damaged digest', () => ({ ...files, 'bundle.cache': changed(0) })],
    ['cut short', () => ({ ...files, 'bundle.cache': cache.subarray(0, cache.length >> 1) })],
    ['empty', () => ({ ...files, 'bundle.cache': Buffer.alloc(0) })],
    [
      'of another bundle of the same length',
      () => ({ ...files, 'bundle.js': Buffer.from(BUNDLE.toString().replace('here', 'hier')) }),
    ],
  ])('is ignored when it is %s', async (_, given) => {
    const { taken, hello } = await call(given());
    expect({ taken, hello }).toEqual({ hello: 'world' });
  });

  it('is ignored when it is missing', async () => {
    const { 'bundle.cache': _, ...rest } = files;
    const { taken, hello } = await call(rest);
    expect({ taken, hello }).toEqual({ hello: 'world' });
  });

  it('is ignored under another patch version of Node', async () => {
    const { taken, hello } = await call(files, [], { NODE_VERSION_LIKE: 'v20.19.0' });
    expect({ taken, hello }).toEqual({ hello: 'world' });
  });

  it('does not hide an error that the bundle itself throws', async () => {
    const broken = await withCodeCache(Buffer.from('throw new Error("at load");'));
    await expect(call(broken)).rejects.toThrow('at load');
  });
});
