import type { Mapping } from './yaml-tree.ts';

/**
 * Merges maps like the deploy tool: key by key; lists and plain values of the later one replace.
 */
export function merge(source: string, ...maps: (Mapping | undefined)[]): Mapping {
  const entries: Mapping['entries'] = new Map();
  for (const map of maps)
    for (const [key, value] of map?.entries ?? []) {
      const inherited = entries.get(key);
      const both = inherited?.kind === 'map' && value.kind === 'map';
      entries.set(key, both ? merge(value.source, inherited, value) : value);
    }
  return { kind: 'map', entries, source };
}
