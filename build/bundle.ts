import { readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { withImportModule } from './import-module.ts';

const NODE = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  minifySyntax: true,
} as const satisfies BuildOptions;

/** Short lines without comments; every name stays, and so do stack traces. */
const SMALL = { minifyWhitespace: true, lineLimit: 160 } as const satisfies BuildOptions;

/**
 * Bundles each entry, a path under `<folder>/src`, into `<folder>/dist/<name>.js`, an ES module; code that
 * several entries need goes into separate files beside them. Packages stay outside. Throws an Error if the
 * code of another package would be included.
 */
export async function bundleEntries(
  folder: string,
  entries: Record<string, string>,
): Promise<void> {
  const { metafile } = await build({
    ...NODE,
    absWorkingDir: folder,
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, path]) => [name, join('src', path)]),
    ),
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    packages: 'external',
    metafile: true,
  });
  refuseForeign(folder, metafile);
}

/**
 * Bundles all entries, paths under `<folder>/src`, into `<folder>/dist/core.cjs`: one file is read faster
 * than many, and each module in it runs when it is first needed, with the packages it imports, which stay
 * outside. The file exports a function for each entry, which returns what the entry exports; whoever runs it
 * gives it `module.import`, since a script of a code cache has no `import()`. Beside it is an ES module
 * `<name>.js` for each entry among `exported`, which loads it by `load.cjs`. Throws an Error if the code of
 * another package would be included.
 */
export async function bundleTogether(
  folder: string,
  entries: Record<string, string>,
  exported: readonly string[],
): Promise<void> {
  const { metafile } = await build({
    ...NODE,
    ...SMALL,
    absWorkingDir: folder,
    stdin: {
      contents: Object.entries(entries)
        .map(([name, path]) => `export const ${name} = () => require('./src/${path}');`)
        .join('\n'),
      resolveDir: folder,
    },
    outfile: join('dist', 'core.cjs'),
    format: 'cjs',
    packages: 'external',
    define: { 'import.meta.url': 'coreUrl' },
    banner: {
      js: `'use strict';
const coreUrl = require('node:url').pathToFileURL(__filename).href;
const importModule = module.import;`,
    },
    metafile: true,
  });
  refuseForeign(folder, metafile);
  const core = join(folder, 'dist', 'core.cjs');
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const count = imports.filter(({ kind }) => kind === 'dynamic-import').length;
  await writeFile(core, withImportModule(await readFile(core, 'utf8'), count));
  for (const name of exported) {
    const names = await exportsOf(folder, join('src', entries[name] ?? ''));
    const lines = [
      `import { createRequire } from 'node:module';`,
      `export const { ${names.join(', ')} } = createRequire(import.meta.url)('./load.cjs').core.${name}();`,
    ];
    await writeFile(join(folder, 'dist', `${name}.js`), `${lines.join('\n')}\n`);
  }
}

/** Returns the names of the values that a source file exports. */
async function exportsOf(folder: string, path: string): Promise<string[]> {
  const { metafile } = await build({
    ...NODE,
    absWorkingDir: folder,
    entryPoints: [path],
    format: 'esm',
    packages: 'external',
    metafile: true,
    write: false,
  });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}

function refuseForeign(folder: string, { inputs }: Metafile): void {
  const foreign = Object.keys(inputs).find((path) => isOutside(folder, path));
  if (foreign !== undefined)
    throw new Error(`${foreign} is another package's: import what that package exports`);
}

function isOutside(folder: string, path: string): boolean {
  const inside = relative(folder, join(folder, path));
  return inside.startsWith('..') || isAbsolute(inside);
}

/** Bundles a program that needs only Node.js into one CommonJS file. */
export async function bundleProgram(entry: string, outfile: string): Promise<void> {
  await build({ ...NODE, entryPoints: [entry], outfile, format: 'cjs' });
}
