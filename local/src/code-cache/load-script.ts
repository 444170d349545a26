import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import vm from 'node:vm';

export interface LoadedScript {
  exports: unknown;
  /** Whether V8 took what an earlier process had compiled. */
  fromCache: boolean;
  /**
   * Keeps what has been compiled by now for later processes, unless what is kept reaches as far.
   * Does nothing where the script's folder cannot be written.
   */
  keep(reach: number): void;
}

interface Kept {
  reach: number;
  data: Buffer;
}

const DIGEST_BYTES = 32;
const HEAD_BYTES = DIGEST_BYTES + 1;

/** Characters that the wrapper puts before the first line of code. */
const WRAPPER_COLUMNS = Module.wrap('').indexOf('\n');

/**
 * Runs a CommonJS file as `require` does, with `module.import` in place of `import()`, from the code
 * that V8 compiled in an earlier process where that was kept beside the file: by this version of
 * Node, of this very source, and undamaged. V8 itself looks at no checksum.
 * NODE_DISABLE_COMPILE_CACHE turns that off, as it does in Node.
 */
export function loadScript(path: string): LoadedScript {
  const source = readFileSync(path, 'utf8');
  const { version, platform, arch, env } = process;
  const place = `${path.replace(/\.cjs$/, '')}-${version}-${arch}.cache`;
  const digestOf = (reach: number, data: Buffer): Buffer =>
    createHash('sha256')
      .update(`${version} ${platform} ${arch} ${reach}\n`)
      .update(source)
      .update(data)
      .digest();
  // Coverage counts only what is compiled from its source.
  const isOff = env.NODE_DISABLE_COMPILE_CACHE !== undefined || env.NODE_V8_COVERAGE !== undefined;
  const kept = isOff ? undefined : readKept(place, digestOf);

  const script = new vm.Script(Module.wrap(source), {
    filename: path,
    columnOffset: -WRAPPER_COLUMNS,
    ...(kept && { cachedData: kept.data }),
  });
  const fromCache = kept !== undefined && script.cachedDataRejected === false;
  const module = { exports: {} as unknown, import: (name: string) => import(name) };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));

  let reached = fromCache ? kept.reach : -1;
  return {
    exports: module.exports,
    fromCache,
    keep(reach) {
      if (isOff || reach <= reached) return;
      reached = reach;
      const data = script.createCachedData();
      write(place, Buffer.concat([digestOf(reach, data), Buffer.of(reach), data]));
    },
  };
}

function readKept(
  place: string,
  digestOf: (reach: number, data: Buffer) => Buffer,
): Kept | undefined {
  let file: Buffer;
  try {
    file = readFileSync(place);
  } catch {
    return undefined; // None has been kept, or it cannot be read: V8 compiles the source.
  }
  if (file.length <= HEAD_BYTES) return undefined;
  const kept = { reach: file.readUInt8(DIGEST_BYTES), data: file.subarray(HEAD_BYTES) };
  return digestOf(kept.reach, kept.data).equals(file.subarray(0, DIGEST_BYTES)) ? kept : undefined;
}

/** Replaces the file at once: another process may be reading it. */
function write(place: string, content: Buffer): void {
  const temporary = `${place}.${process.pid}`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, place);
  } catch {
    // An installation that only its owner may change works without, too.
    remove(temporary);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // On Windows a file stays while another program looks at it.
  }
}
