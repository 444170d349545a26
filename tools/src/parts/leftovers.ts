import type { Files } from './files.ts';

/** Where code and configuration of the project still name a function, `path:line`. Documents may say what they like. */
export function leftovers(files: Files, name: string): string[] {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  return [...files]
    .filter(([path]) => !path.endsWith('.md') && path !== 'package-lock.json')
    .flatMap(([path, text]) =>
      text.split('\n').flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1}`] : [])),
    );
}
