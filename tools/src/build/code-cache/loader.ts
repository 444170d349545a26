// index.js of a package with a code cache: runs bundle.js from bundle.cache if this version of Node
// made the cache of this bundle; otherwise Node compiles bundle.js as usual.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { DIGEST_BYTES, digestOf, scriptOf } from './script.ts';
import { SET_ASIDE } from './set-aside.ts';

type Wrapped = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

declare const module: { exports: unknown };
declare const require: NodeJS.Require;

const bundle = join(__dirname, 'bundle.js');

function fromCache(): Wrapped | undefined {
  try {
    const source = readFileSync(bundle, 'utf8');
    const file = readFileSync(join(__dirname, 'bundle.cache'));
    const data = file.subarray(DIGEST_BYTES);
    if (!digestOf(source, data).equals(file.subarray(0, DIGEST_BYTES))) return undefined;
    return scriptOf(source, data).runInThisContext();
  } catch {
    // Without a cache everything works as usual: a fault of the bundle itself shows then.
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
