import { posix } from 'node:path';

const NAMED = /(?<![\w./-])(docs\/[\w/-]+\.md)\b/g;
const LINKED = /\]\(([^)#\s:]+\.md)(?:#[^)]*)?\)/g;

/**
 * Returns the documents of a project that one of its files refers to: code by the path from the root, a
 * document by a link.
 */
export function documentsNamedIn(path: string, text: string): string[] {
  if (!path.endsWith('.md')) return [...text.matchAll(NAMED)].map(([, name = '']) => name);
  return [...text.matchAll(LINKED)].map(([, link = '']) =>
    posix.normalize(posix.join(posix.dirname(path), link)),
  );
}
