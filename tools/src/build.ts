import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build as esbuild, type Metafile } from 'esbuild';
import { type PackageFiles, withCodeCache } from './build/code-cache.ts';
import { isLeftOut, leftOut } from './build/left-out.ts';
import { isPostponed, onFirstUse } from './build/on-first-use.ts';
import { writePackage } from './build/write-package.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Bytes that a package may weigh zipped: FC loads it at each cold start. `npm run check` holds it. */
export const SIZE_BUDGET = 200 * 1024;

/** The same for a package with a code cache, four to five times as large. */
export const CACHED_SIZE_BUDGET = 650 * 1024;

export interface BuildOptions {
  /** Puts V8's cache of the bundle's code beside it, and a loader in front: see build/code-cache.ts. */
  codeCache?: boolean;
}

export interface BuiltFunction {
  name: string;
  /** Bytes of the package, as it is and zipped. */
  size: number;
  zippedSize: number;
  /** Source files in the bundle, relative to the root. */
  inputs: string[];
}

/** Names of the folders under functions/, sorted. */
export async function functionNames(root: string = ROOT): Promise<string[]> {
  const entries = await readdir(join(root, 'functions'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Bundles functions into `dist/<name>/index.js`, the folder that s.yaml deploys, with the source
 * map beside the folder and not in it. The same sources give the same bytes, so that an unchanged
 * function is not uploaded again. Throws esbuild's BuildFailure, its messages already formatted.
 */
export async function build(
  names?: readonly string[],
  root: string = ROOT,
  { codeCache = false }: BuildOptions = {},
): Promise<BuiltFunction[]> {
  const wanted = names ?? (await functionNames(root));
  const { outputFiles, metafile } = await bundle(wanted, root);
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  // The repository's own package.json says "module"; the bundles are CommonJS, as on FC.
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
function bundle(names: readonly string[], root: string) {
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
    plugins: [leftOut, onFirstUse],
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

/** Bytes of a file when compressed: its part of the zipped package, but for some 100 bytes of names. */
export function zippedSize(file: string | Uint8Array): number {
  return gzipSync(file).length;
}

function sum(files: PackageFiles, measure: (file: Uint8Array) => number): number {
  return Object.values(files).reduce((total, file) => total + measure(file), 0);
}

function describe({ name, size, zippedSize: zipped }: BuiltFunction, budget: number): string {
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  const over = zipped > budget ? `, over the budget of ${kilobytes(budget)}` : '';
  return `${name.padEnd(20)} ${kilobytes(size).padStart(8)}  ${kilobytes(zipped).padStart(7)} zipped${over}`;
}

async function main(): Promise<void> {
  const { positionals: names, values } = parseArgs({
    allowPositionals: true,
    // The variable reaches the builds that s.yaml's pre-deploy actions run.
    options: { 'code-cache': { type: 'boolean', default: process.env.CODE_CACHE === '1' } },
  });
  const codeCache = values['code-cache'];
  const known = await functionNames();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`No functions/${unknown.join(', functions/')}; there are ${known.join(', ')}`);
  for (const built of await build(names.length > 0 ? names : known, ROOT, { codeCache }))
    console.log(describe(built, codeCache ? CACHED_SIZE_BUDGET : SIZE_BUDGET));
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? '')).href)
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
