import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const INSTALLED = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A program as one that is installed has it: JavaScript that Node.js starts without a compiler. */
export interface Compiled {
  /** The file to start. */
  file: string;
  /** Removes what was written. */
  remove(): Promise<void>;
}

/**
 * Compiles a program that imports `#src/…`, and by relative paths what is in the folder `from`. A test that starts a process does so, since a process that
 * compiles the sources while it loads them takes many times as long to start.
 */
export async function compiled(program: string, from = PACKAGE): Promise<Compiled> {
  const folder = await mkdtemp(join(tmpdir(), 'compiled-'));
  const options = { bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' } as const;
  await build({
    ...options,
    stdin: { contents: program, resolveDir: from, loader: 'ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    // Without it, what is imported on first use would be loaded at once.
    splitting: true,
    packages: 'external',
  });
  await build({
    ...options,
    entryPoints: [join(PACKAGE, 'src/fc/instance/bootstrap.ts')],
    outfile: join(folder, 'bootstrap.cjs'),
    format: 'cjs',
  });
  // What the code reads from its own folder.
  for (const file of ['style.css', 'live.js'])
    await cp(join(PACKAGE, 'src/console', file), join(folder, file));
  await symlink(INSTALLED, join(folder, 'node_modules'));
  return {
    file: join(folder, 'stdin.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
