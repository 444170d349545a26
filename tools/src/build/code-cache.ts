import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Maximum milliseconds for Node to compile a bundle; it takes one second. */
const LIMIT_MS = 60_000;

/** A package's files by name. FC loads `index.js`. */
export type PackageFiles = Readonly<Record<string, Uint8Array>>;

/**
 * Packs a bundle with V8's cache of its compiled code, and a loader that uses the cache only if Node's
 * version, platform and architecture are those of this process. The same bundle gives the same bytes under
 * the same Node.
 */
export async function withCodeCache(bundle: Uint8Array): Promise<PackageFiles> {
  const [loader, maker] = await Promise.all([compiled('loader'), compiled('make')]);
  const child = spawn(process.execPath, ['--random-seed=1', '--eval', maker], {
    stdio: 'pipe',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    env: {}, // NODE_OPTIONS may hold flags, and V8 rejects a cache made under others
  });
  child.stdin.on('error', () => {}); // it ended early: its exit code says so
  child.stdin.end(bundle);
  const [cache, complaint, code] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`Node made no code cache (exit code ${code}): ${complaint}`);
  return { 'index.js': Buffer.from(loader), 'bundle.js': bundle, 'bundle.cache': cache };
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
