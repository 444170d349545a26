import { relative } from 'node:path';
import type { FunctionSpec } from 'fc-local/project';
import type { ProjectView } from '../project/view.ts';

/**
 * The functions that are built here: those with a folder under functions/, or code in dist/. Code in
 * any other folder, such as a plain JavaScript function's, is not held to what the build does.
 */
export function builtFunctions({ project, folders, root }: ProjectView): FunctionSpec[] {
  return project.functions.filter(
    (fn) => folders.includes(fn.resource) || codeFolder(fn, root).startsWith('dist/'),
  );
}

/** The folder of a function's code, from the root, with forward slashes. */
export function codeFolder({ codeDir }: FunctionSpec, root: string): string {
  return relative(root, codeDir).replaceAll('\\', '/');
}
