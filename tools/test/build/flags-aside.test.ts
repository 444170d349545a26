import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { FLAGS_ASIDE } from '#src/build/flags-aside';

/** Returns what a process with those flags sees while one of Node's modules loads, and before and after. */
async function flagsWhileLoading(flags: readonly string[]) {
  const code = `
const v8 = require('node:v8');
const now = () => [v8.cachedDataVersionTag(), v8.getHeapStatistics().heap_size_limit, typeof gc];
const before = now();
const during = [];
const native = (name) => (name === 'node:v8' ? v8 : (during.push(v8.cachedDataVersionTag()), require(name)));
native.resolve = require.resolve;
((require) => {
  ${FLAGS_ASIDE}
  const [one, again] = [require('node:zlib'), require('node:zlib')];
  let thrown;
  try { require('./is-not-there'); } catch (error) { thrown = error.code; }
  console.log(JSON.stringify({ before, during, after: now(), same: one === again, thrown, resolve: typeof require.resolve }));
})(native);`;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--eval', code], {
    env: {},
  });
  return JSON.parse(stdout);
}

it.each([
  ['128 MB', ['--max-old-space-size=115', '--expose-gc']],
  ['a flag spelt the other way', ['--max_old_space_size=460', '--expose_gc']],
])('loads modules under the flags that Node made its cache of them with: %s', async (_, flags) => {
  const plain = await flagsWhileLoading([]);
  const { before, during, after, ...rest } = await flagsWhileLoading(flags);
  expect(before[0]).not.toBe(plain.before[0]);
  expect(during).toEqual([plain.before[0], plain.before[0]]);
  expect(after).toEqual(before);
  expect(rest).toEqual({ same: true, thrown: 'MODULE_NOT_FOUND', resolve: 'function' });
});

it('has Node compile its expression for addresses without optimization, once, before the first request', async () => {
  const code = `
const v8 = require('node:v8');
const now = () => v8.cachedDataVersionTag();
const before = now();
const during = [];
const net = { isIP: (host) => void during.push([host, now()]) };
const native = (name) => (name === 'node:net' ? net : require(name));
((require) => {
  ${FLAGS_ASIDE}
  require('node:crypto');
  const early = during.length;
  for (const name of ['node:http', 'https', 'http']) require(name);
  console.log(JSON.stringify({ before, early, during, after: now() }));
})(native);`;
  const run = async (...flags: string[]) => {
    const args = [...flags, '--max-old-space-size=115', '--eval', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
    return JSON.parse(stdout);
  };
  const { before, early, during, after } = await run();
  const without = (await run('--no-regexp-optimization')).before;
  expect(without).not.toBe(before);
  expect({ early, during, after }).toEqual({
    early: 0,
    during: [
      ['a', without],
      ['a', without],
    ],
    after: before,
  });
});

it('leaves other flags, and a process without flags, unchanged', async () => {
  for (const flags of [[], ['--stack-size=900']]) {
    const { before, during, after } = await flagsWhileLoading(flags);
    expect(during.filter((tag: number) => tag !== before[0])).toEqual([]);
    expect(after).toEqual(before);
  }
});
