import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from '../parts/files.ts';
import { importedBy } from '../parts/imports.ts';

/** Files that every project has, whatever its functions are. */
const FRAME = [
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.nvmrc',
  '.vscode/launch.json',
  'README.md',
  'README.zh-CN.md',
  'biome.json',
  'env.yaml',
  'infra/template.yaml',
  'package.json',
  'publish.yaml',
  's.yaml',
  'tsconfig.json',
];
const OF_FUNCTIONS = ['docs/functions', 'functions', 'test/functions', 'test/permissions'];

/** The templates at the time of packing, beside the code of a package. */
const PACKED = new URL('./templates.json', import.meta.url);

/** Returns the repository in which this is developed; undefined in an installed package. */
export function checkout(): string | undefined {
  return existsSync(PACKED) ? undefined : fileURLToPath(new URL('../../..', import.meta.url));
}

/** Returns the templates: files of all functions, and of the project around them. */
export function readCatalog(): Files {
  const root = checkout();
  if (root) return catalogOf(root);
  const packed: Record<string, string> = JSON.parse(readFileSync(PACKED, 'utf8'));
  return new Map(Object.entries(packed));
}

/** Reads the templates from the repository at `root`. */
export function catalogOf(root: string): Files {
  const paths = [...FRAME, ...OF_FUNCTIONS.flatMap((folder) => filesUnder(root, folder))];
  const helpers = ['test', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  const all = new Map<string, string>();
  for (const path of [...paths, ...helpers])
    if (statSync(join(root, path)).isFile()) all.set(path, readFileSync(join(root, path), 'utf8'));
  // Of the tests' helpers and the documents, only those that the functions' own files name.
  const used = importedBy(
    all,
    paths.filter((path) => !FRAME.includes(path)),
  );
  return new Map([...all].filter(([path]) => paths.includes(path) || used.has(path)));
}

function filesUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(root, path) : [path];
    })
    .sort();
}
