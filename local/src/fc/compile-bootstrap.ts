import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('./instance/bootstrap.ts', import.meta.url));

/**
 * Compiles the bootstrap of an instance to one plain CommonJS file in `folder`, so that instances
 * start as fast as Node does, whatever runs the runtime itself (tsx, vitest). Resolves to the
 * file's path.
 */
export async function compileBootstrap(folder: string): Promise<string> {
  const outfile = join(folder, 'bootstrap.cjs');
  await build({
    entryPoints: [SOURCE],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
  });
  return outfile;
}
