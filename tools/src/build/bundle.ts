import { join } from 'node:path';
import { build as esbuild, type Metafile } from 'esbuild';
import { FLAGS_ASIDE } from './flags-aside.ts';
import { isLeftOut, leftOut } from './left-out.ts';
import { type FilesApart, isPostponed, onFirstUse } from './on-first-use.ts';

/** What esbuild made of some entry points. */
export interface Bundles {
  /** Returns the bytes of a file, by its path in `dist`. */
  output(path: string): Uint8Array;
  /** Returns the files beside a function's bundle, `index.js`, that it loads later, and those that these load. */
  filesApart(name: string): string[];
  /** Returns the source files of a function, relative to the root: of its bundle and of the files beside it. */
  inputs(name: string): string[];
}

/**
 * Bundles functions, and the modules that are in files of their own. esbuild runs once for all functions, so
 * that shared files are read once, and once for each of those modules.
 */
export async function bundle(
  root: string,
  names: readonly string[],
  keep: readonly string[],
): Promise<Bundles> {
  const apart: FilesApart = new Map();
  const run = (entries: Record<string, string>, sourcemap: 'external' | false) =>
    runEsbuild(root, entries, { keep, apart, sourcemap });
  const functions = Object.fromEntries(names.map((name) => [`${name}/index`, entryOf(name)]));
  const results = [await run(functions, 'external')];
  // Some of these need others, which are added meanwhile.
  for (const [file, module] of apart)
    results.push(await run({ [file.replace(/\.js$/, '')]: module }, false));

  const files = new Map(
    results.flatMap(({ outputFiles }) => outputFiles.map((file) => [file.path, file.contents])),
  );
  const metafiles = results.map(({ metafile }) => metafile);
  const outputs: Metafile['outputs'] = Object.assign({}, ...metafiles.map((one) => one.outputs));
  const inputs: Metafile['inputs'] = Object.assign({}, ...metafiles.map((one) => one.inputs));
  const filesApart = (name: string) => beside(`${name}/index.js`, outputs, apart);
  return {
    output(path) {
      const contents = files.get(join(root, 'dist', path));
      if (!contents) throw new Error(`esbuild gave no ${path}`);
      return contents;
    },
    filesApart,
    inputs(name) {
      const modules = filesApart(name).map((file) => outputs[`dist/${file}`]?.entryPoint ?? file);
      return reachable([entryOf(name), ...modules], inputs).filter(
        (path) => !isLeftOut(path) && !isPostponed(path),
      );
    },
  };
}

function entryOf(name: string): string {
  return `functions/${name}/index.ts`;
}

/** Returns the files apart that one imports, directly or not. */
function beside(file: string, outputs: Metafile['outputs'], apart: FilesApart): string[] {
  const found = new Set([file]);
  for (const one of found)
    for (const { path } of outputs[`dist/${one}`]?.imports ?? []) {
      const name = path.replace(/^\.\//, '');
      if (apart.has(name)) found.add(name);
    }
  found.delete(file);
  return [...found].sort();
}

/** Returns files and everything they import, directly or not. */
function reachable(files: readonly string[], inputs: Metafile['inputs']): string[] {
  const found = new Set(files);
  for (const path of found)
    for (const { path: imported } of inputs[path]?.imports ?? [])
      if (inputs[imported]) found.add(imported);
  return [...found];
}

function runEsbuild(
  root: string,
  entryPoints: Record<string, string>,
  {
    keep,
    apart,
    sourcemap,
  }: { keep: readonly string[]; apart: FilesApart; sourcemap: 'external' | false },
) {
  return esbuild({
    absWorkingDir: root,
    entryPoints,
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
    // SDKs in files of their own: what is not read at a cold start need not be compiled either.
    minifyIdentifiers: sourcemap === false,
    sourcemap,
    legalComments: 'none',
    // urllib, under ali-oss, requires it only for `enableProxy`, and it cannot be bundled.
    external: ['proxy-agent'],
    plugins: [leftOut(keep), onFirstUse(apart)],
    // What an SDK in a file of its own requires at once is loaded while the bundle loads that file.
    banner: { js: sourcemap === false ? '"use strict";' : FLAGS_ASIDE },
    logLevel: 'silent',
  });
}
