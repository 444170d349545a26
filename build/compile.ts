import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

/**
 * Runs the TypeScript compiler with the package's tsconfig.build.json. Throws an Error if it finds faults,
 * which are printed on standard output.
 */
export function compile(folder: string): void {
  const args = [join(typescript, 'bin', 'tsc'), '-p', join(folder, 'tsconfig.build.json')];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
}
