import type { Tree } from './yaml-tree.ts';

/** Converts a plain value, as from JSON or YAML, to a tree whose every value has that place. */
export function fromPlain(value: unknown, source: string): Tree {
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item) => fromPlain(item, source)), source };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, one]) => [key, fromPlain(one, source)] as const,
    );
    return { kind: 'map', entries: new Map(entries), source };
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'scalar', value, source };
  return { kind: 'scalar', value: null, source };
}
