import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuiltFunction, build as buildProject } from './build/build.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export function build(
  names?: readonly string[],
  root: string = ROOT,
  options: BuildOptions = {},
): Promise<BuiltFunction[]> {
  return buildProject(root, names, options);
}
