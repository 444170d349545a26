import { isAbsolute, join, relative } from 'node:path';
import { build } from 'esbuild';

const NODE = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  minifySyntax: true,
} as const;

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
  const foreign = Object.keys(metafile.inputs).find((path) => isOutside(folder, path));
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
