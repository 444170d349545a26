import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../documents/markdown.ts';

const LEFT_OUT = ['.git', '.local', '.template', 'dist', 'node_modules'];

/**
 * Copies the repository to `folder` as a reader gets it: the files known to git, as they are in the working
 * tree; without git, everything except built files.
 */
export function copyRepository(folder: string): void {
  const files = listed();
  if (files === undefined)
    cpSync(ROOT, folder, {
      recursive: true,
      filter: (path) => !LEFT_OUT.includes(path.split(/[\\/]/).at(-1) ?? ''),
    });
  for (const file of files ?? []) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
}

function listed(): string[] | undefined {
  try {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--deduplicate'];
    const text = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
    return text.split('\0').filter((file) => file !== '' && !isDeleted(file));
  } catch {
    return undefined;
  }
}

function isDeleted(file: string): boolean {
  return !existsSync(join(ROOT, file));
}
