import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from '../parts/files.ts';
import { importedBy } from '../parts/imports.ts';

/** What every project has, whatever its functions are. */
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

/** Beside the code of a package: the templates as they were when it was packed. */
const PACKED = new URL('./templates.json', import.meta.url);

/** The repository that this is developed in; undefined in an installed package. */
export function checkout(): string | undefined {
  return existsSync(PACKED) ? undefined : fileURLToPath(new URL('../../..', import.meta.url));
}

/** The templates: files of all functions, and of the project around them. */
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
  // Of the helpers of tests and of the documents, those that the functions' own files name.
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
