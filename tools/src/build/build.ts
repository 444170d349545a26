import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { functionNames } from '../project/function-names.ts';
import { zippedSize } from '../project/zipped-size.ts';
import { bundle } from './bundle.ts';
import { codeCaches, type PackageFiles } from './code-cache.ts';
import { writePackage } from './write-package.ts';

export interface BuildOptions {
  /** Adds V8's cache of the bundle's code and a loader that uses it: see code-cache.ts. */
  codeCache?: boolean;
  /** Modules that stay in the bundles although they are on the list of modules to leave out. */
  keep?: readonly string[];
}

export interface BuiltFunction {
  name: string;
  /** Bytes of the package, unpacked and zipped. */
  size: number;
  zippedSize: number;
  /** Source files in the bundle, relative to the root. */
  inputs: string[];
}

/**
 * Bundles functions of the project, by default all of them, into `dist/<name>/index.js`, the folder that
 * s.yaml deploys, with what the bundle loads later in files of its own beside it; the source map goes beside
 * the folder, not into it. The same sources give the same bytes, so that an unchanged function is not
 * uploaded again. Throws esbuild's BuildFailure, its messages already formatted.
 */
export async function build(
  root: string,
  names?: readonly string[],
  { codeCache = false, keep = [] }: BuildOptions = {},
): Promise<BuiltFunction[]> {
  const wanted = names ?? (await functionNames(root));
  if (wanted.length === 0) return [];
  const bundles = await bundle(root, wanted, keep);
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  // The project's own package.json may say "module"; the bundles are CommonJS, as on FC.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  const withCodeCache = codeCaches();
  return Promise.all(
    wanted.map(async (name) => {
      const plain: PackageFiles = {
        'index.js': bundles.output(`${name}/index.js`),
        ...Object.fromEntries(
          bundles.filesApart(name).map((file) => [file, bundles.output(file)] as const),
        ),
      };
      const files = codeCache ? await withCodeCache(plain) : plain;
      await writePackage(join(dist, name), files);
      await writeFile(join(dist, `${name}.js.map`), bundles.output(`${name}/index.js.map`));
      return {
        name,
        size: sum(files, (file) => file.length),
        zippedSize: sum(files, zippedSize),
        inputs: bundles.inputs(name),
      };
    }),
  );
}

function sum(files: PackageFiles, measure: (file: Uint8Array) => number): number {
  return Object.values(files).reduce((total, file) => total + measure(file), 0);
}
