import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PACKED = fileURLToPath(new URL('./bootstrap.cjs', import.meta.url));

/** Resolves to the one file that the process of an instance runs: the package has it beside this code, the sources compile it into `folder`. */
export async function bootstrapFile(folder: string): Promise<string> {
  if (existsSync(PACKED)) return PACKED;
  const { compileBootstrap } = await import('./compile-bootstrap.ts');
  return compileBootstrap(folder);
}
