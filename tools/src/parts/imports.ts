import { posix } from 'node:path';
import { documentsNamedIn } from './documents.ts';
import type { Files } from './files.ts';

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;

/** Returns the module specifiers in a text, as written. */
export function specifiersIn(text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, specifier = '']) => specifier);
}

/**
 * Returns where a specifier of a project leads: a relative path, or an entry of `imports` in package.json
 * like ours.
 */
function target(files: Files, from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const path = posix.normalize(posix.join(posix.dirname(from), specifier));
    return [path, `${path}.ts`, path.replace(/\.js$/, '.ts'), `${path}/index.ts`].find((one) =>
      files.has(one),
    );
  }
  const [, kind, name] = /^#(functions|test|shared)\/(.+)$/.exec(specifier) ?? [];
  if (kind === 'functions') return existing(files, `functions/${name}/index.ts`);
  if (kind === 'test') return existing(files, `test/${name}.ts`);
  if (kind === 'shared') return existing(files, `shared/src/${name}/index.ts`);
  return undefined;
}

function existing(files: Files, path: string): string | undefined {
  return files.has(path) ? path : undefined;
}

/** Returns these files and those of the project that they import or name as a document, directly or not. */
export function importedBy(files: Files, from: Iterable<string>): Set<string> {
  const found = new Set([...from].filter((path) => files.has(path)));
  for (const path of found) {
    const text = files.get(path) ?? '';
    const specifiers = /\.[cm]?[jt]s$/.test(path) ? specifiersIn(text) : [];
    for (const specifier of specifiers) {
      const to = target(files, path, specifier);
      if (to) found.add(to);
    }
    for (const document of documentsNamedIn(path, text))
      if (files.has(document)) found.add(document);
  }
  return found;
}
