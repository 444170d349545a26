import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text files of a project by their paths from its root, with slashes. */
export type Files = ReadonlyMap<string, string>;

const TEXT = /\.(ts|mts|js|mjs|cjs|json|ya?ml|md)$/;
const PASSED_OVER = /^(\.|node_modules$|dist$|vendor$|coverage$)/;
/** A folder with more files is not a project of functions. */
const MAX_FILES = 20_000;

/** Reads the files that may name a function: sources, tests, documents, YAML and JSON. */
export function readFiles(root: string): Files {
  const files = new Map<string, string>();
  const read = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (PASSED_OVER.test(entry.name)) continue;
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        // A folder with its own package.json, such as a workspace, is not part of the project.
        if (!existsSync(join(root, path, 'package.json'))) read(path);
      } else if (TEXT.test(entry.name) && files.size < MAX_FILES)
        files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  read('');
  return files;
}
