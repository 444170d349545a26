import type { Files } from './files.ts';

/**
 * Returns where code and configuration of the project still name a function, as `path:line`. Documents are
 * not searched.
 */
export function leftovers(files: Files, name: string): string[] {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  return [...files]
    .filter(([path]) => !path.endsWith('.md') && path !== 'package-lock.json')
    .flatMap(([path, text]) =>
      text.split('\n').flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1}`] : [])),
    );
}
