import { relative } from 'node:path';
import type { FunctionSpec } from 'fc-local/project';
import type { ProjectView } from '../project/view.ts';

/**
 * Returns the functions that are built here: those with a folder under functions/, or with code in dist/.
 * Code in any other folder, such as a plain JavaScript function's, need not meet the rules for built code.
 */
export function builtFunctions({ project, folders, root }: ProjectView): FunctionSpec[] {
  return project.functions.filter(
    (fn) => folders.includes(fn.resource) || codeFolder(fn, root).startsWith('dist/'),
  );
}

/** Returns the folder of a function's code, from the root, with forward slashes. */
export function codeFolder({ codeDir }: FunctionSpec, root: string): string {
  return relative(root, codeDir).replaceAll('\\', '/');
}
