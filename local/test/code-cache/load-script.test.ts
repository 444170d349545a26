import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { type LoadedScript, loadScript } from '#src/code-cache/load-script';
import { folderOf } from '../temporary-folder.ts';

const SOURCE = `exports.answer = () => 41 + 1;
exports.where = __filename;
exports.beside = require('./beside.cjs');
exports.imported = () => module.import('node:path');
exports.fails = () => { throw new Error('here'); };
`;

interface Sample {
  answer(): number;
  where: string;
  beside: string;
  imported(): Promise<unknown>;
  fails(): never;
}

afterEach(() => vi.unstubAllEnvs());

function sample(source = SOURCE): string {
  const folder = folderOf({ 'beside.cjs': "module.exports = 'beside';", 'core.cjs': source });
  return join(folder, 'core.cjs');
}

function exportsOf(script: LoadedScript): Sample {
  return script.exports as Sample;
}

function cacheOf(path: string): string {
  const [name = 'none'] = readdirSync(join(path, '..')).filter((one) => one.endsWith('.cache'));
  return join(path, '..', name);
}

/** Returns a script's path after a first process has kept its code. */
function kept(reach = 0): string {
  const path = sample();
  const first = loadScript(path);
  expect(first.fromCache).toBe(false);
  exportsOf(first).answer();
  first.keep(reach);
  return path;
}

it('a script is the same from its source and from the code that was kept', async () => {
  const path = kept();
  for (const script of [loadScript(sample()), loadScript(path)]) {
    const { answer, beside, imported, fails } = exportsOf(script);
    expect(answer()).toBe(42);
    expect(beside).toBe('beside');
    expect(await imported()).toHaveProperty('join');
    expect(fails).toThrow('here');
  }
  const script = loadScript(path);
  expect(script.fromCache).toBe(true);
  expect(exportsOf(script).where).toBe(path);
});

it('an error of kept code names its line and column', () => {
  const { fails } = exportsOf(loadScript(kept()));
  let stack = '';
  try {
    fails();
  } catch (error) {
    stack = (error as Error).stack ?? '';
  }
  expect(stack).toContain('core.cjs:5:31');
});

it('kept code that is damaged anywhere is not used, and is replaced', () => {
  const path = kept();
  const whole = readFileSync(cacheOf(path));
  for (const at of [0, 32, 33, 60, whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
    writeFileSync(cacheOf(path), damaged);
    const script = loadScript(path);
    expect(script.fromCache).toBe(false);
    script.keep(0);
    expect(loadScript(path).fromCache).toBe(true);
  }
  for (const length of [0, 31, 33, 100]) {
    writeFileSync(cacheOf(path), whole.subarray(0, length));
    expect(loadScript(path).fromCache).toBe(false);
  }
});

it('code of another source of the same length is not used', () => {
  const path = kept();
  writeFileSync(path, SOURCE.replace('41', '42'));
  const script = loadScript(path);
  expect(script.fromCache).toBe(false);
  expect(exportsOf(script).answer()).toBe(43);
});

it('code is kept again only when it reaches further', () => {
  const path = kept(0);
  const before = readFileSync(cacheOf(path));
  exportsOf(loadScript(path)).fails.toString();
  loadScript(path).keep(0);
  expect(readFileSync(cacheOf(path)).equals(before)).toBe(true);
  loadScript(path).keep(1);
  expect(readFileSync(cacheOf(path)).readUInt8(32)).toBe(1);
  expect(loadScript(path).fromCache).toBe(true);
  loadScript(path).keep(0);
  expect(readFileSync(cacheOf(path)).readUInt8(32)).toBe(1);
});

it('nothing is kept where the place cannot be written, and nothing is left there', () => {
  const path = kept();
  const place = cacheOf(path);
  const other = sample();
  mkdirSync(join(other, '..', place.slice(place.lastIndexOf('core-'))));
  const script = loadScript(other);
  script.keep(0);
  expect(exportsOf(script).answer()).toBe(42);
  expect(readdirSync(join(other, '..'))).toHaveLength(3);
});

it('a script goes on where neither its code nor what was begun of it can be put away', () => {
  const path = kept();
  const place = cacheOf(path);
  rmSync(place);
  mkdirSync(`${place}.${process.pid}`);
  const script = loadScript(path);
  expect(() => script.keep(0)).not.toThrow();
  expect(exportsOf(script).answer()).toBe(42);
});

it.each(['NODE_DISABLE_COMPILE_CACHE', 'NODE_V8_COVERAGE'])(
  'with %s kept code is neither read nor written',
  (name) => {
    const path = kept();
    vi.stubEnv(name, '1');
    expect(loadScript(path).fromCache).toBe(false);
    const other = sample();
    loadScript(other).keep(0);
    expect(readdirSync(join(other, '..'))).toHaveLength(2);
  },
);
