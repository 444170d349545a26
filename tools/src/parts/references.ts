import { isMap, isNode, isScalar, isSeq, type Node, type Pair } from 'yaml';

/**
 * Returns all names that values of a template refer to: `Ref`, `Fn::GetAtt`, `${…}` in `Fn::Sub`,
 * conditions and `DependsOn`, in long and short form.
 */
export function namesIn(node: unknown): Set<string> {
  const names = new Set<string>();
  walk(node, names);
  return names;
}

function walk(node: unknown, names: Set<string>): void {
  if (isScalar(node)) scalarNames(node.tag, String(node.value), names);
  if (isSeq(node)) {
    if (node.tag === '!GetAtt' || node.tag === '!If') names.add(String(node.get(0)));
    for (const item of node.items) walk(item, names);
  }
  if (isMap(node)) for (const pair of node.items) pairNames(pair as Pair<Node, Node>, names);
}

function scalarNames(tag: string | undefined, text: string, names: Set<string>): void {
  if (tag === '!Ref' || tag === '!Condition') names.add(text);
  if (tag === '!GetAtt') names.add(text.split('.')[0] ?? '');
  for (const [, name = ''] of text.matchAll(/\$\{([A-Za-z]\w*)[.}]/g)) names.add(name);
}

function pairNames({ key, value }: Pair<Node, Node>, names: Set<string>): void {
  const name = isScalar(key) ? String(key.value) : '';
  const first = isSeq(value) ? String(value.get(0)) : isScalar(value) ? String(value.value) : '';
  if (name === 'Ref' || name === 'Condition') names.add(first);
  if (name === 'Fn::GetAtt') names.add(first.split('.')[0] ?? '');
  if (name === 'Fn::If') names.add(first);
  if (name === 'DependsOn')
    for (const one of isSeq(value) ? value.items : [value]) names.add(String(one));
  walk(value, names);
}

/** Returns every text in a value or a node, without keys. */
export function textsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  if (isScalar(node)) return [String(node.value)];
  if (isSeq(node)) return node.items.flatMap(textsIn);
  if (isMap(node)) return node.items.flatMap(({ value }) => textsIn(value));
  if (Array.isArray(node)) return node.flatMap(textsIn);
  if (isNode(node) || typeof node !== 'object' || node === null) return [];
  return Object.values(node).flatMap(textsIn);
}
