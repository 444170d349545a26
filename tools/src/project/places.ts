import { Fields, type FunctionSpec, type Tree } from 'fc-local/project';
import type { ProjectView } from './view.ts';

/** Returns the props of a function's entry as they are written in s.yaml. */
export function propsOf(
  { serverless }: ProjectView,
  { resource }: Pick<FunctionSpec, 'resource'>,
): Fields | undefined {
  return serverless.map('resources')?.map(resource)?.map('props');
}

/**
 * Returns where a key of the function's entry is written, `s.yaml:12`; the place of the entry itself if it
 * has no such key.
 */
export function placeOf(
  view: ProjectView,
  fn: Pick<FunctionSpec, 'resource' | 'source'>,
  ...path: string[]
): string {
  let fields = propsOf(view, fn);
  let source = fn.source;
  for (const key of path) {
    const tree: Tree | undefined = fields?.tree.entries.get(key);
    if (!tree) break;
    source = tree.source;
    fields = tree.kind === 'map' ? new Fields(tree, key) : undefined;
  }
  return source;
}

/** Returns `file:line` of the first line that holds the text; the file if none does. */
export function lineWith(view: ProjectView, file: string, text: string): string {
  const index = view
    .read(file)
    .split('\n')
    .findIndex((line) => line.includes(text));
  return index < 0 ? file : `${file}:${index + 1}`;
}
