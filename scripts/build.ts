import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as esbuild, type Metafile } from 'esbuild';
import { isLeftOut, leftOut } from './build/left-out.ts';
import { isPostponed, onFirstUse } from './build/on-first-use.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Bytes that a package may weigh zipped: FC loads it at each cold start. `npm run check` holds it. */
export const SIZE_BUDGET = 200 * 1024;

export interface BuiltFunction {
  name: string;
  /** Bytes of the bundle, and of the package zipped. */
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
      await place(join(dist, name), code);
      await writeFile(join(dist, `${name}.js.map`), output(`${name}/index.js.map`));
      return {
        name,
        size: code.length,
        zippedSize: zippedSize(code),
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

/** All in one go, which reads what they share once. */
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

/** Puts a bundle in place in one step: the folder may be the one that a running local cloud starts instances in. */
async function place(folder: string, code: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder))
    if (file !== 'index.js') await rm(join(folder, file), { recursive: true, force: true });
  const finished = `${folder}.${process.pid}.tmp`;
  await writeFile(finished, code);
  await rename(finished, join(folder, 'index.js'));
}

/** A file and what it imports, near and far. */
function reachable(file: string, { inputs }: Metafile): string[] {
  const found = new Set([file]);
  for (const path of found)
    for (const { path: imported } of inputs[path]?.imports ?? [])
      if (inputs[imported]) found.add(imported);
  return [...found];
}

/** Bytes of the bundle deflated: what the package weighs zipped, but for some 100 bytes of names. */
export function zippedSize(code: string | Uint8Array): number {
  return gzipSync(code).length;
}

function describe({ name, size, zippedSize: zipped }: BuiltFunction): string {
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  const over = zipped > SIZE_BUDGET ? `, over the budget of ${kilobytes(SIZE_BUDGET)}` : '';
  return `${name.padEnd(20)} ${kilobytes(size).padStart(8)}  ${kilobytes(zipped).padStart(7)} zipped${over}`;
}

async function main(): Promise<void> {
  const names = process.argv.slice(2);
  const known = await functionNames();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`No functions/${unknown.join(', functions/')}; there are ${known.join(', ')}`);
  for (const built of await build(names.length > 0 ? names : known)) console.log(describe(built));
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? '')).href)
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
