import type { Document, Node, Pair } from 'yaml';
import { invalidProject, unsupported } from './invalid-project.ts';
import { KNOWN_TAGS, longForm } from './short-forms.ts';
import { yamlLibrary } from './yaml-library.ts';
import { MAX_VALUES, type Mapping, type Tree } from './yaml-tree.ts';

/**
 * Parses any YAML text whose outermost value is a map, by the package `yaml`. Throws
 * LocalCloudError with file and line.
 */
export function parseDocumentOf(text: string, file: string, anyShortForm: boolean): Mapping {
  const { LineCounter, parseDocument } = yamlLibrary();
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, logLevel: 'error' });
  const lineAt = (offset: number) => `${file}:${lineCounter.linePos(offset).line}`;
  const [error] = document.errors;
  if (error) {
    const [what = ''] = error.message.split(/ at line \d+/);
    throw invalidProject(lineAt(error.pos[0]), `it is no valid YAML: ${what}`, 'correct that line');
  }
  const tree = new Converter(document, lineAt, anyShortForm).convert(
    document.contents,
    `${file}:1`,
  );
  if (tree.kind !== 'map')
    throw invalidProject(file, 'it holds no map', 'write a map at its top level');
  return tree;
}

class Converter {
  #values = 0;
  readonly #yaml = yamlLibrary();
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
    if (this.#yaml.isAlias(node)) {
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
    const name = longForm(tag, this.#anyShortForm);
    if (!name)
      throw unsupported(
        source,
        `the tag ${tag} is not known here`,
        `use one of ${KNOWN_TAGS}, or the long form`,
      );
    return { kind: 'map', entries: new Map([[name, plain]]), source };
  }

  #plain(node: Node | null, source: string): Tree {
    if (this.#yaml.isMap<Node, Node | null>(node)) return this.#mapping(node.items, source);
    if (this.#yaml.isSeq<Node>(node))
      return { kind: 'list', items: node.items.map((item) => this.convert(item)), source };
    const value = this.#yaml.isScalar(node) ? node.value : null;
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
      const name = this.#yaml.isScalar(key) ? key.value : undefined;
      if (typeof name === 'symbol' || (this.#yaml.isScalar(key) && key.source === '<<')) {
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
