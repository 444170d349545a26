import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PACKED = fileURLToPath(new URL('./bootstrap.cjs', import.meta.url));

/**
 * Resolves to the single file that the process of a Node.js instance runs: the package ships it
 * beside this code, the sources compile it into `folder`.
 */
export async function bootstrapFile(folder: string): Promise<string> {
  if (existsSync(PACKED)) return PACKED;
  const { compileBootstrap } = await import('./compile-bootstrap.ts');
  return compileBootstrap(folder);
}

/** Returns the single file that the process of a Python instance runs. */
export function pythonBootstrapFile(): string {
  const packed = fileURLToPath(new URL('./bootstrap.py', import.meta.url));
  return existsSync(packed)
    ? packed
    : fileURLToPath(new URL('./instance/bootstrap.py', import.meta.url));
}
