// index.js of a package with a code cache: runs bundle.js from bundle.cache if this version of Node
// made the cache of this bundle; otherwise Node compiles bundle.js as usual.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { DIGEST_BYTES, digestOf, scriptOf } from './script.ts';

type Wrapped = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

declare const module: { exports: unknown };
declare const require: NodeJS.Require;

/**
 * V8 rejects a cache that was made under other flags, and Function Compute starts Node with a heap
 * limit for each memory size. These flags take effect when Node starts and do not change compiled
 * code, so they are set to their defaults while the bundle loads; V8 then accepts Node's cache of its
 * own modules too. With any other flag V8 rejects the cache and compiles as usual.
 */
const SET_ASIDE: readonly (readonly [RegExp, string])[] = [
  [/^--max[-_]old[-_]space[-_]size=\d+$/, '--max-old-space-size=0'],
  [/^--expose[-_]gc$/, '--no-expose-gc'],
];

const bundle = join(__dirname, 'bundle.js');

function fromCache(): Wrapped | undefined {
  try {
    const source = readFileSync(bundle, 'utf8');
    const file = readFileSync(join(__dirname, 'bundle.cache'));
    const data = file.subarray(DIGEST_BYTES);
    if (!digestOf(source, data).equals(file.subarray(0, DIGEST_BYTES))) return undefined;
    return scriptOf(source, data).runInThisContext();
  } catch {
    // Without a cache all is as it would be: what is wrong with the bundle itself shows then.
    return undefined;
  }
}

const given = process.execArgv.flatMap((flag) => {
  const found = SET_ASIDE.find(([pattern]) => pattern.test(flag));
  return found ? [{ flag, aside: found[1] }] : [];
});
for (const { aside } of given) setFlagsFromString(aside);
try {
  const run = fromCache();
  if (run) run(module.exports, require, module, bundle, __dirname);
  else module.exports = require(bundle);
} finally {
  for (const { flag } of given) setFlagsFromString(flag);
}
