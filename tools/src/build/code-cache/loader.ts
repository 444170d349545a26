// index.js of a package with code caches: runs bundle.js from bundle.cache, and each script that it
// requires from that script's cache, if this version of Node made the cache of this script; otherwise
// Node compiles the script as usual.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { cacheName, DIGEST_BYTES, digestOf, scriptOf } from './script.ts';
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

const given = process.execArgv.flatMap((flag) => {
  const found = SET_ASIDE.find(([pattern]) => pattern.test(flag));
  return found ? [{ flag, aside: found[1] }] : [];
});

function withFlagsAside<Result>(load: () => Result): Result {
  for (const { aside } of given) setFlagsFromString(aside);
  try {
    return load();
  } finally {
    for (const { flag } of given) setFlagsFromString(flag);
  }
}

function fromCache(name: string): Wrapped | undefined {
  try {
    const source = readFileSync(join(__dirname, name), 'utf8');
    const file = readFileSync(join(__dirname, cacheName(name)));
    const data = file.subarray(DIGEST_BYTES);
    if (!digestOf(source, data).equals(file.subarray(0, DIGEST_BYTES))) return undefined;
    return scriptOf(name, source, data).runInThisContext();
  } catch {
    // Without a cache everything works as usual: a fault of the script itself shows then.
    return undefined;
  }
}

const loaded = new Map<string, { exports: unknown }>();

/** Loads a script of this package into `target`. */
function load(name: string, target: { exports: unknown }): unknown {
  loaded.set(name, target);
  try {
    return withFlagsAside(() => {
      const run = fromCache(name);
      const file = join(__dirname, name);
      if (run) run(target.exports, requireHere, target, file, __dirname);
      else target.exports = require(file);
      return target.exports;
    });
  } catch (error) {
    loaded.delete(name); // a try later begins anew, as Node's does
    throw error;
  }
}

/** The scripts' `require`: of the package's own scripts, and of Node's modules. */
const requireHere = Object.assign(
  (id: string) =>
    id.startsWith('./')
      ? (loaded.get(id.slice(2))?.exports ?? load(id.slice(2), { exports: {} }))
      : require(id),
  require,
);

load('bundle.js', module);
