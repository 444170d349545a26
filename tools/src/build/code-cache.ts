import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { cacheName } from './code-cache/script.ts';

/** Maximum milliseconds for Node to compile a bundle; it takes one second. */
const LIMIT_MS = 60_000;

/** A package's files by name. FC loads `index.js`. */
export type PackageFiles = Readonly<Record<string, Uint8Array>>;

/**
 * Returns a function that packs the scripts of a package with V8's caches of their compiled code, and a
 * loader that uses a cache only if Node's version, platform and architecture are those of this process. The
 * script `index.js` becomes `bundle.js`. The same scripts give the same bytes under the same Node; a script
 * of several packages is compiled once.
 */
export function codeCaches(): (scripts: PackageFiles) => Promise<PackageFiles> {
  let programs: Promise<[loader: string, maker: string]> | undefined;
  const made = new Map<string, Promise<Buffer>>();
  return async (scripts) => {
    programs ??= Promise.all([compiled('loader'), compiled('make')]);
    const [loader, maker] = await programs;
    const files: Record<string, Uint8Array> = { 'index.js': Buffer.from(loader) };
    await Promise.all(
      Object.entries(scripts).map(async ([file, script]) => {
        const name = file === 'index.js' ? 'bundle.js' : file;
        const key = `${name} ${createHash('sha256').update(script).digest('hex')}`;
        const cache = made.get(key) ?? cacheOf(script, name, maker);
        made.set(key, cache);
        files[name] = script;
        files[cacheName(name)] = await cache;
      }),
    );
    return files;
  };
}

async function cacheOf(script: Uint8Array, name: string, maker: string): Promise<Buffer> {
  const child = spawn(process.execPath, ['--random-seed=1', '--eval', maker, name], {
    stdio: 'pipe',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    env: {}, // NODE_OPTIONS may hold flags, and V8 rejects a cache made under others
  });
  child.stdin.on('error', () => {}); // it ended early: its exit code says so
  child.stdin.end(script);
  const [cache, complaint, code] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`Node made no code cache (exit code ${code}): ${complaint}`);
  return cache;
}

/** Compiles one of the two programs beside this file to plain CommonJS that needs only Node. */
async function compiled(name: 'loader' | 'make'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./code-cache/${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
