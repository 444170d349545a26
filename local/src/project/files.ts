import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import util from 'node:util';
import { LocalCloudError } from '../errors.ts';

/**
 * Reads the text of `dir/name`. `remedy` is the remedy in the error when the file does not exist.
 */
export function readText(dir: string, name: string, remedy: string): string {
  const path = resolve(dir, name);
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const what = code === 'ENOENT' ? 'There is no file' : `Cannot read (${code})`;
    throw new LocalCloudError('UnreadableFile', `${what} ${path}`, remedy, { cause });
  }
}

/**
 * Reads the variables of a `.env` beside s.yaml, which the deploy tool reads too; none without the
 * file.
 */
export function readDotEnv(dir: string): NodeJS.ProcessEnv {
  if (!existsSync(join(dir, '.env'))) return {};
  // Node.js 20.12 brought parseEnv; everything else here runs on 20.0.
  if (typeof util.parseEnv !== 'function')
    throw new LocalCloudError(
      'NodeTooOld',
      `Node.js ${process.versions.node} cannot read ${join(dir, '.env')}`,
      'update to 20.12 or later, or set the variables in the environment',
    );
  return { ...util.parseEnv(readText(dir, '.env', 'make it readable')) };
}
