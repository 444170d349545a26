import { resolve } from 'node:path';
import { Fields } from './fields.ts';

/**
 * Returns the absolute path of a function's code: a folder or a zip file, named by `code` or
 * `code.src`.
 */
export function readCodePath(fields: Fields, dir: string): string {
  const code = fields.require('code');
  if (code.kind !== 'map') return resolve(dir, fields.requireString('code'));
  return resolve(dir, new Fields(code, `${fields.owner}, code`).requireString('src'));
}
