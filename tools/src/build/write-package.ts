import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageFiles } from './code-cache.ts';

/**
 * Makes a folder hold these files and no others. Each is replaced atomically, `index.js` last: a running
 * local cloud may start instances from the folder.
 */
export async function writePackage(folder: string, files: PackageFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = Object.keys(files).sort(
    (a, b) => Number(a === 'index.js') - Number(b === 'index.js'),
  );
  for (const name of names) {
    const finished = `${folder}.${process.pid}.tmp`;
    await writeFile(finished, files[name] ?? '');
    await rename(finished, join(folder, name));
  }
  for (const file of await readdir(folder))
    if (!Object.hasOwn(files, file)) await rm(join(folder, file), { recursive: true, force: true });
}
