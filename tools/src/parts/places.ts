import type { Files } from './files.ts';

export const SERVERLESS_FILE = 's.yaml';
export const README_FILE = 'README.md';
export const CHINESE_README_FILE = 'README.zh-CN.md';

/** The READMEs of a project, in English and in Chinese, each with the heading of its table of functions. */
export const READMES = [
  { file: README_FILE, chapter: '## The functions' },
  { file: CHINESE_README_FILE, chapter: '## 函数一览' },
] as const;

/** Returns the files that belong to one function alone: handler, tests and documents of its name. */
export function ownFiles(files: Files, name: string): string[] {
  return [...files.keys()].filter(
    (path) =>
      path.startsWith(`functions/${name}/`) ||
      path === `docs/functions/${name}.md` ||
      path === `docs/functions/${name}.zh-CN.md` ||
      new RegExp(`^test/(functions|permissions)/${name}(/|\\.)`).test(path),
  );
}
