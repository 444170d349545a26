import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { prose, ROOT, read } from './markdown.ts';

export interface Link {
  line: number;
  /** As written: a path from the document, `#anchor`, or both. */
  target: string;
}

/** Returns the links of a document that lead into this repository. */
export function linksIn(text: string): Link[] {
  return prose(text).flatMap((line, index) =>
    [...line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => ({ line: index + 1, target }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );
}

/** Returns what is wrong with a link of that document; undefined if it resolves. */
export function brokenness(file: string, { target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const to = path ? posix.normalize(posix.join(posix.dirname(file), path)) : file;
  if (!existsSync(join(ROOT, to))) return `there is no ${to}`;
  if (anchor === undefined || anchorsOf(read(to)).includes(decodeURIComponent(anchor)))
    return undefined;
  return `${to} has no heading #${anchor}`;
}

/**
 * Returns the anchors of a document's headings, as GitHub makes them: lower case, no punctuation, a number
 * if two are equal.
 */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return prose(text).flatMap((line) => {
    const [, heading] = /^#{1,6} (.+)$/.exec(line) ?? [];
    if (heading === undefined) return [];
    const slug = heading
      .trim()
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return [count === 0 ? slug : `${slug}-${count}`];
  });
}
