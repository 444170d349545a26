import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { LocalCloudError } from '../errors.ts';

/** The text of `dir/name`. `remedy` is for the reader when there is no such file. */
export function readText(dir: string, name: string, remedy: string): string {
  const path = join(dir, name);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const what = code === 'ENOENT' ? 'There is no file' : `Cannot read (${code})`;
    throw new LocalCloudError('UnreadableFile', `${what} ${path}`, remedy, { cause });
  }
}

/** The variables of a `.env` beside s.yaml, which the deploy tool reads too; none without the file. */
export function readDotEnv(dir: string): NodeJS.ProcessEnv {
  if (!existsSync(join(dir, '.env'))) return {};
  return { ...parseEnv(readText(dir, '.env', 'make it readable')) };
}
