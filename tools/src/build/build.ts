import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as esbuild, type Metafile } from 'esbuild';
import { functionNames } from '../project/function-names.ts';
import { zippedSize } from '../project/zipped-size.ts';
import { type PackageFiles, withCodeCache } from './code-cache.ts';
import { FLAGS_ASIDE } from './flags-aside.ts';
import { isLeftOut, leftOut } from './left-out.ts';
import { isPostponed, onFirstUse } from './on-first-use.ts';
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
 * s.yaml deploys; the source map goes beside the folder, not into it. The same sources give the same bytes,
 * so that an unchanged function is not uploaded again. Throws esbuild's BuildFailure, its messages already
 * formatted.
 */
export async function build(
  root: string,
  names?: readonly string[],
  { codeCache = false, keep = [] }: BuildOptions = {},
): Promise<BuiltFunction[]> {
  const wanted = names ?? (await functionNames(root));
  if (wanted.length === 0) return [];
  const { outputFiles, metafile } = await bundle(root, wanted, keep);
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  // The project's own package.json may say "module"; the bundles are CommonJS, as on FC.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  const output = (path: string) => {
    const file = outputFiles.find((one) => one.path === join(dist, path));
    if (!file) throw new Error(`esbuild gave no ${path}`);
    return file.contents;
  };
  return Promise.all(
    wanted.map(async (name) => {
      const code = output(`${name}/index.js`);
      const files: PackageFiles = codeCache ? await withCodeCache(code) : { 'index.js': code };
      await writePackage(join(dist, name), files);
      await writeFile(join(dist, `${name}.js.map`), output(`${name}/index.js.map`));
      return {
        name,
        size: sum(files, (file) => file.length),
        zippedSize: sum(files, zippedSize),
        inputs: reachable(entry(name), metafile).filter(
          (path) => !isLeftOut(path) && !isPostponed(path),
        ),
      };
    }),
  );
}

function entry(name: string): string {
  return `functions/${name}/index.ts`;
}

/** Runs esbuild once for all functions, so that shared files are read once. */
function bundle(root: string, names: readonly string[], keep: readonly string[]) {
  return esbuild({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, entry(name)])),
    outdir: join(root, 'dist'),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // All of `minify` except shorter names: stack traces in logs stay readable, for a twentieth more bytes.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'external',
    legalComments: 'none',
    // urllib, under ali-oss, requires it only for `enableProxy`, and it cannot be bundled.
    external: ['proxy-agent'],
    plugins: [leftOut(keep), onFirstUse],
    banner: { js: FLAGS_ASIDE },
    logLevel: 'silent',
  });
}

/** Returns a file and everything it imports, directly or not. */
function reachable(file: string, { inputs }: Metafile): string[] {
  const found = new Set([file]);
  for (const path of found)
    for (const { path: imported } of inputs[path]?.imports ?? [])
      if (inputs[imported]) found.add(imported);
  return [...found];
}

function sum(files: PackageFiles, measure: (file: Uint8Array) => number): number {
  return Object.values(files).reduce((total, file) => total + measure(file), 0);
}
