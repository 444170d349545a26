// Shared by both sides of a code cache: the program that makes it, and the loader that uses it.
import { createHash } from 'node:crypto';
import Module from 'node:module';
import { Script } from 'node:vm';

/** Characters that the wrapper puts before the first line of code. */
const WRAPPER_COLUMNS = Module.wrap('').indexOf('\n');

/** Returns the name of a script's cache: `bundle.cache` of `bundle.js`. */
export function cacheName(script: string): string {
  return script.replace(/\.js$/, '.cache');
}

/** Returns a CommonJS module's code as a script, compiled from the cache if V8 accepts it. */
export function scriptOf(filename: string, source: string, cachedData?: Buffer): Script {
  return new Script(Module.wrap(source), {
    filename,
    columnOffset: -WRAPPER_COLUMNS,
    ...(cachedData && { cachedData }),
  });
}

/** Length of the digest, which precedes V8's data in the file. */
export const DIGEST_BYTES = 32;

/**
 * Returns a digest that binds a cache to the Node that made it and to its source. V8 itself checks its own
 * version, which many versions of Node share, and the source's length, but no checksum: damaged data makes
 * it crash.
 */
export function digestOf(source: string, data: Buffer): Buffer {
  const { version, platform, arch } = process;
  return createHash('sha256')
    .update(`${version} ${platform} ${arch}\n`)
    .update(source)
    .update(data)
    .digest();
}
