import { dirname } from 'node:path';

/** From one file, or folder, to another. */
export type Edge = readonly [from: string, to: string];

/**
 * Returns circles among files, and among the files and folders beside one another in a folder, at every
 * depth. Each is the sorted list of its members.
 */
export function circlesIn(edges: readonly Edge[]): string[][] {
  const folders = new Set(edges.flat().flatMap(ancestors));
  const inFolders = [...folders].flatMap((folder) => components(within(folder, edges)));
  const found = [...components(edges), ...inFolders].map((circle) => circle.toSorted());
  return [...new Map(found.map((circle) => [circle.join(), circle])).values()];
}

/** Returns the edges between the files and folders directly in a folder. */
function within(folder: string, edges: readonly Edge[]): Edge[] {
  const child = (path: string) => {
    if (!path.startsWith(`${folder}/`)) return undefined;
    const [name = ''] = path.slice(folder.length + 1).split('/');
    return `${folder}/${name}`;
  };
  return edges.flatMap(([from, to]): Edge[] => {
    const [first, second] = [child(from), child(to)];
    return first && second && first !== second ? [[first, second]] : [];
  });
}

function ancestors(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...ancestors(folder)];
}

/** Returns strongly connected components of more than one node, by Tarjan's algorithm. */
function components(edges: readonly Edge[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    next.set(from, (next.get(from) ?? new Set()).add(to));
    if (!next.has(to)) next.set(to, new Set());
  }
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const other of next.get(node) ?? []) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(node, Math.min(low.get(node) ?? 0, low.get(other) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1) found.push(component);
  };
  for (const node of next.keys()) if (!index.has(node)) visit(node);
  return found;
}
