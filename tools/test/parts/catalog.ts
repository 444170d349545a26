import { projectFiles } from '#src/create/project-files';
import { added } from '#src/parts/add';
import { catalogAs } from '#src/parts/copy';
import type { Files } from '#src/parts/files';
import { readStack } from '#src/parts/stack';
import { catalogOf } from '#src/templates/catalog';
import { ROOT } from '#test/repository';

export const catalog = catalogOf(ROOT);
export const NAMES = readStack(catalog).functions;

const VERSION = '^0.2.0';
export const sources = { 'fc-kit': VERSION, 'fc-local': VERSION, 'fc-templates': VERSION };

const made = new Map<string, Files>();

/** Returns the files of a new project of these functions. */
export function project(functions: readonly string[], name = 'my-app'): Files {
  const key = `${name} ${functions.join()}`;
  const files =
    made.get(key) ?? projectFiles(catalog, { name, region: 'cn-hangzhou', functions, sources });
  made.set(key, files);
  return files;
}

/** Returns a project with one more function of the catalog under that name. */
export function plus(files: Files, from: string, name = from): Files {
  return added(files, name === from ? catalog : catalogAs(catalog, from, name), name).files;
}

/** Returns the paths of the files that differ. */
export function differing(a: Files, b: Files): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
}
