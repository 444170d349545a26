import type { Span } from './spans.ts';

/** Keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/** The part of a file that cutting uses. */
interface Collections {
  has(path: Path): boolean;
  keys(path: Path): string[];
  count(path: Path): number;
}

interface Group {
  parent: Path;
  gone: Set<string | number>;
}

/**
 * Groups the entries to cut by the map or list that holds them. A map or list that loses all its entries is
 * cut itself.
 */
function groupsOf(file: Collections, paths: readonly Path[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  const add = (path: Path): void => {
    const parent = path.slice(0, -1);
    const key = JSON.stringify(parent);
    const group = groups.get(key) ?? { parent, gone: new Set() };
    groups.set(key, group);
    group.gone.add(path.at(-1) ?? '');
    const all = file.keys(parent).length || file.count(parent);
    if (group.gone.size === all && parent.length > 0) add(parent);
  };
  for (const path of paths) if (file.has(path)) add(path);
  const isGone = (path: Path) =>
    path.some((step, index) => groups.get(JSON.stringify(path.slice(0, index)))?.gone.has(step));
  const inside = [...groups].filter(([, { parent }]) => isGone(parent));
  for (const [key] of inside) groups.delete(key);
  return groups;
}

/** Returns all cuts from one reading, so that they are the same in any order: a gap belongs to the entry after it. */
export function cutsOf(
  file: Collections,
  paths: readonly Path[],
  spansOf: (parent: Path) => readonly Span[],
): Span[] {
  const byParent = groupsOf(file, paths);
  return [...byParent.values()].flatMap(({ parent, gone }) => {
    const keys = file.keys(parent);
    const spans = spansOf(parent);
    const isGone = (index: number) => gone.has(keys[index] ?? index) || gone.has(index);
    const kept = spans.findIndex((_, index) => !isGone(index));
    const cuts = spans.flatMap(({ end }, index) => {
      const previous = spans[index - 1];
      return index > kept && isGone(index) && previous ? [{ start: previous.end, end }] : [];
    });
    const [first, firstKept] = [spans[0], spans[kept]];
    if (kept > 0 && first && firstKept) cuts.push({ start: first.start, end: firstKept.start });
    if (kept < 0 && first) cuts.push({ start: first.start, end: spans.at(-1)?.end ?? first.end });
    return cuts;
  });
}
