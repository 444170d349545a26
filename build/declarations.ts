import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Matches a relative import as the compiler writes it in declarations: `from './a.ts'`, `import("./a.ts")`. */
const RELATIVE_IMPORT = /(?:from |import\()["'](\.{1,2}\/[^"']+)\.ts["']/g;

/** Removes the declarations under `folder` that no entry leads to, because they are not exported. */
export async function keepReachable(folder: string, entries: readonly string[]): Promise<void> {
  const reachable = new Set(entries);
  for (const file of reachable) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const [, path = ''] of text.matchAll(RELATIVE_IMPORT))
      reachable.add(relative('.', join(dirname(file), `${path}.d.ts`)));
  }
  for (const entry of await readdir(folder, { recursive: true }))
    if (entry.endsWith('.d.ts') && !reachable.has(entry)) await rm(join(folder, entry));
}
