import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Returns the names of the folders under `functions/` of the project, sorted; none if there is no such
 * folder. Each is one function that the build bundles.
 */
export async function functionNames(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'functions'), { withFileTypes: true }).catch(orNone);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function orNone(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
