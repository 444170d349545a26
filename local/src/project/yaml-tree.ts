import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { invalidProject, unsupported } from './invalid-project.ts';

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
const MAX_VALUES = 50_000;

/** ROS's short forms, and the long ones they abbreviate. */
const SHORT_FORMS: Record<string, string> = {
  '!Ref': 'Ref',
  '!GetAtt': 'Fn::GetAtt',
  '!Sub': 'Fn::Sub',
  '!Join': 'Fn::Join',
  '!If': 'Fn::If',
  '!Equals': 'Fn::Equals',
  '!Not': 'Fn::Not',
};

/**
 * Parses a YAML text whose outermost value is a map. Throws LocalCloudError with file and line,
 * also for a tag that is none of ROS's short forms, unless `anyShortForm` is given: then it becomes
 * the long form of that name.
 */
export function parseYaml(
  text: string,
  file: string,
  options: { anyShortForm?: boolean } = {},
): Mapping {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, logLevel: 'error' });
  const lineAt = (offset: number) => `${file}:${lineCounter.linePos(offset).line}`;
  const [error] = document.errors;
  if (error) {
    const [what = ''] = error.message.split(/ at line \d+/);
    throw invalidProject(lineAt(error.pos[0]), `it is no valid YAML: ${what}`, 'correct that line');
  }
  const tree = new Converter(document, lineAt, options.anyShortForm ?? false).convert(
    document.contents,
    `${file}:1`,
  );
  if (tree.kind !== 'map')
    throw invalidProject(file, 'it holds no map', 'write a map at its top level');
  return tree;
}

class Converter {
  #values = 0;
  readonly #document: Document;
  readonly #lineAt: (offset: number) => string;
  readonly #anyShortForm: boolean;

  constructor(document: Document, lineAt: (offset: number) => string, anyShortForm: boolean) {
    this.#document = document;
    this.#lineAt = lineAt;
    this.#anyShortForm = anyShortForm;
  }

  convert(node: Node | null, place?: string): Tree {
    const source = place ?? this.#sourceOf(node);
    if (++this.#values > MAX_VALUES)
      throw invalidProject(source, `it has over ${MAX_VALUES} values`, 'use fewer aliases');
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target) return this.convert(target, source);
      throw invalidProject(
        source,
        `*${node.source} is the alias of nothing`,
        `set &${node.source}`,
      );
    }
    const plain = this.#plain(node, source);
    const tag = node?.tag;
    if (!tag?.startsWith('!') || tag === '!') return plain;
    const known = Object.hasOwn(SHORT_FORMS, tag) ? SHORT_FORMS[tag] : undefined;
    const name = known ?? (this.#anyShortForm ? `Fn::${tag.slice(1)}` : undefined);
    if (!name)
      throw unsupported(
        source,
        `the tag ${tag} is not known here`,
        `use one of ${Object.keys(SHORT_FORMS).join(', ')}, or the long form`,
      );
    return { kind: 'map', entries: new Map([[name, plain]]), source };
  }

  #plain(node: Node | null, source: string): Tree {
    if (isMap<Node, Node | null>(node)) return this.#mapping(node.items, source);
    if (isSeq<Node>(node))
      return { kind: 'list', items: node.items.map((item) => this.convert(item)), source };
    const value = isScalar(node) ? node.value : null;
    if (value === null || typeof value === 'string' || typeof value === 'boolean')
      return { kind: 'scalar', value, source };
    if (typeof value === 'number' && Number.isFinite(value))
      return { kind: 'scalar', value, source };
    throw invalidProject(source, `${String(value)} is no plain value`, 'put it in quotes');
  }

  #mapping(pairs: Pair<Node, Node | null>[], source: string): Mapping {
    const entries = new Map<string, Tree>();
    const merged: Mapping[] = [];
    for (const { key, value } of pairs) {
      const place = this.#sourceOf(key);
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name === 'symbol' || (isScalar(key) && key.source === '<<')) {
        merged.push(...this.#mergedMaps(value, place));
        continue;
      }
      if (typeof name !== 'string' && typeof name !== 'number' && typeof name !== 'boolean')
        throw invalidProject(place, 'a key is no plain text', 'write a name before the colon');
      entries.set(String(name), this.convert(value, place));
    }
    for (const map of merged)
      for (const [name, value] of map.entries) if (!entries.has(name)) entries.set(name, value);
    return { kind: 'map', entries, source };
  }

  #mergedMaps(node: Node | null, source: string): Mapping[] {
    const tree = this.convert(node, source);
    const maps = tree.kind === 'list' ? tree.items : [tree];
    return maps.map((map) => {
      if (map.kind !== 'map')
        throw invalidProject(source, '"<<" merges no map', 'name a map, or a list of maps');
      return map;
    });
  }

  #sourceOf(node: Node | null | undefined): string {
    return this.#lineAt(node?.range?.[0] ?? 0);
  }
}

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
