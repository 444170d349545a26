import type { Files } from './files.ts';

export const SERVERLESS_FILE = 's.yaml';
export const README_FILE = 'README.md';
/** The chapter of the README with a row for each function. */
export const README_CHAPTER = '## The functions';

/** Files of one function alone, each with its name: handler, tests and what is said about it. */
export function ownFiles(files: Files, name: string): string[] {
  return [...files.keys()].filter(
    (path) =>
      path.startsWith(`functions/${name}/`) ||
      path === `docs/functions/${name}.md` ||
      new RegExp(`^test/(functions|permissions)/${name}(/|\\.)`).test(path),
  );
}
