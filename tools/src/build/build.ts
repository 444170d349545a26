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
  /** Puts V8's cache of the bundle's code beside it, and a loader in front: see code-cache.ts. */
  codeCache?: boolean;
  /** Modules that go into the bundles though they are on the list of what is left out. */
  keep?: readonly string[];
}

export interface BuiltFunction {
  name: string;
  /** Bytes of the package, as it is and zipped. */
  size: number;
  zippedSize: number;
  /** Source files in the bundle, relative to the root. */
  inputs: string[];
}

/**
 * Bundles functions of the project, all of them by default, into `dist/<name>/index.js`, the folder
 * that s.yaml deploys, with the source map beside the folder and not in it. The same sources give the
 * same bytes, so that an unchanged function is not uploaded again. Throws esbuild's BuildFailure, its
 * messages already formatted.
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

/** One run of esbuild for all functions, so that shared files are read once. */
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
    // All of `minify` but shorter names: stack traces in logs stay readable, for a twentieth more bytes.
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

/** A file and everything it imports, directly or not. */
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
