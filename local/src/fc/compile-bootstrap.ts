import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('./instance/bootstrap.ts', import.meta.url));

let compiled: Promise<Uint8Array> | undefined;

/**
 * Writes the bootstrap of an instance to one plain CommonJS file in `folder`, so that instances
 * start as fast as Node does, whatever runs the runtime itself (tsx, vitest). It is compiled once in
 * a process. Resolves to the file's path.
 */
export async function compileBootstrap(folder: string): Promise<string> {
  const outfile = join(folder, 'bootstrap.cjs');
  compiled ??= compile();
  await writeFile(outfile, await compiled);
  return outfile;
}

async function compile(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild made nothing of ${SOURCE}`);
  return file.contents;
}
