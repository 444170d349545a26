import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import { isLeftOut, leftOut } from './build/left-out.ts';

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
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  // The repository's own package.json says "module"; the bundles are CommonJS, as on FC.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  return Promise.all((names ?? (await functionNames(root))).map((name) => bundle(name, root)));
}

async function bundle(name: string, root: string): Promise<BuiltFunction> {
  const folder = join(root, 'dist', name);
  const outfile = join(folder, 'index.js');
  const { outputFiles, metafile } = await esbuild({
    absWorkingDir: root,
    entryPoints: [join('functions', name, 'index.ts')],
    outfile,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    // Error names and `context.function.name` in logs stay readable.
    keepNames: true,
    sourcemap: 'external',
    legalComments: 'none',
    // urllib, under ali-oss, requires it only for `enableProxy`, and it cannot be bundled.
    external: ['proxy-agent'],
    plugins: [leftOut],
    logLevel: 'silent',
  });
  const map = outputFiles.find((file) => file.path.endsWith('.map'));
  const code = outputFiles.find((file) => file.path === outfile);
  if (!code || !map) throw new Error(`esbuild gave no bundle for ${name}`);

  // In place in one step: the folder may be the one that a running local cloud starts instances in.
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder))
    if (file !== 'index.js') await rm(join(folder, file), { recursive: true, force: true });
  const finished = join(root, 'dist', `${name}.${process.pid}.tmp`);
  await writeFile(finished, code.contents);
  await rename(finished, outfile);
  await writeFile(join(root, 'dist', `${name}.js.map`), map.contents);
  return {
    name,
    size: code.contents.length,
    zippedSize: zippedSize(code.contents),
    inputs: Object.keys(metafile.inputs).filter((path) => !isLeftOut(path)),
  };
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
