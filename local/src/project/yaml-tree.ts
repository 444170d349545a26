export type ScalarValue = string | number | boolean | null;

/**
 * A YAML file's content in which every value has its place, `s.yaml:37`. An entry of a map has the
 * place of its key.
 */
export type Tree = Scalar | List | Mapping;

export interface Scalar {
  kind: 'scalar';
  value: ScalarValue;
  source: string;
}

export interface List {
  kind: 'list';
  items: Tree[];
  source: string;
}

export interface Mapping {
  kind: 'map';
  entries: Map<string, Tree>;
  source: string;
}

/** Limit on values, as aliases of aliases multiply: a file with more is an attack. */
export const MAX_VALUES = 50_000;

/** Returns the plain value, without places. */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toPlain);
  return Object.fromEntries([...tree.entries].map(([key, value]) => [key, toPlain(value)]));
}

export function scalar(value: ScalarValue, source: string): Scalar {
  return { kind: 'scalar', value, source };
}

/** Describes the value for a message: `"orders"`, `5`, `a list`, `a map`, `nothing`. */
export function describeTree(tree: Tree): string {
  if (tree.kind !== 'scalar') return tree.kind === 'list' ? 'a list' : 'a map';
  return tree.value === null ? 'nothing' : JSON.stringify(tree.value);
}
