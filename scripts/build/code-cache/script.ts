// Both sides of a code cache: what makes it, and the loader that takes it.
import { createHash } from 'node:crypto';
import Module from 'node:module';
import { Script } from 'node:vm';

/** Columns that the wrapper puts before the first line. */
const WRAPPER_COLUMNS = Module.wrap('').indexOf('\n');

/** A CommonJS module's code as a script, from the cache where V8 takes it. */
export function scriptOf(source: string, cachedData?: Buffer): Script {
  return new Script(Module.wrap(source), {
    filename: 'bundle.js',
    columnOffset: -WRAPPER_COLUMNS,
    ...(cachedData && { cachedData }),
  });
}

/** Stands before V8's data in the file. */
export const DIGEST_BYTES = 32;

/**
 * Binds a cache to the Node that made it and to its source. V8 looks at its own version, which is
 * the same over many of Node's, at the source's length, and at no checksum: it crashes on data that
 * is damaged.
 */
export function digestOf(source: string, data: Buffer): Buffer {
  const { version, platform, arch } = process;
  return createHash('sha256')
    .update(`${version} ${platform} ${arch}\n`)
    .update(source)
    .update(data)
    .digest();
}
