import type { Warn } from './findings.ts';
import { invalidProject } from './invalid-project.ts';
import { nearest } from './nearest.ts';
import { describeTree, type Mapping, type Tree } from './yaml-tree.ts';

export interface IntegerRange {
  min: number;
  max: number;
  multipleOf?: number;
}

/**
 * Typed reading of a map. Each error is a LocalCloudError that names the place, the owner and the
 * key.
 */
export class Fields {
  readonly tree: Mapping;
  /** Owner of the fields, for messages: `Function "orders"`. */
  readonly owner: string;
  readonly #warn: Warn | undefined;

  /** With `warn`, quoted numbers and booleans are accepted as such, with a warning. */
  constructor(tree: Tree, owner: string, warn?: Warn) {
    if (tree.kind !== 'map')
      throw invalidProject(tree.source, `${owner} is ${describeTree(tree)}`, 'write a map');
    this.tree = tree;
    this.owner = owner;
    this.#warn = warn;
  }

  get source(): string {
    return this.tree.source;
  }

  get keys(): string[] {
    return [...this.tree.entries.keys()];
  }

  /** Throws for any key not in `known`. */
  only(known: readonly string[]): this {
    for (const [key, { source }] of this.tree.entries) {
      if (known.includes(key)) continue;
      const meant = nearest(key, known);
      throw invalidProject(
        source,
        `${this.owner} has the unknown key "${key}"`,
        meant ? `did you mean ${meant}?` : `known are ${known.join(', ')}`,
      );
    }
    return this;
  }

  has(key: string): boolean {
    return this.tree.entries.has(key);
  }

  get(key: string): Tree | undefined {
    const tree = this.tree.entries.get(key);
    if (tree?.kind === 'scalar' && tree.value === null)
      throw this.fault(key, 'has no value', 'give one, or take the line out');
    return tree;
  }

  require(key: string): Tree {
    const tree = this.get(key);
    if (!tree) throw invalidProject(this.source, `${this.owner} has no ${key}`, `add ${key}`);
    return tree;
  }

  string(key: string): string | undefined {
    return this.has(key) ? this.requireString(key) : undefined;
  }

  requireString(key: string): string {
    const tree = this.require(key);
    if (tree.kind !== 'scalar' || typeof tree.value !== 'string')
      throw this.wrong(key, tree, tree.kind === 'scalar' ? 'put it in quotes' : 'write one text');
    if (tree.value.trim() === '') throw this.fault(key, 'is empty', 'give it a value');
    return tree.value;
  }

  integer(key: string, { min, max, multipleOf = 1 }: IntegerRange): number | undefined {
    const tree = this.get(key);
    if (!tree) return undefined;
    const value = this.#unquoted(key, tree, /^-?\d+$/, Number);
    const fits = typeof value === 'number' && Number.isInteger(value) && value % multipleOf === 0;
    if (fits && value >= min && value <= max) return value;
    const steps = multipleOf === 1 ? '' : ` in steps of ${multipleOf}`;
    throw this.wrong(
      key,
      tree,
      `write a whole number from ${min} to ${max}${steps}, without quotes`,
    );
  }

  boolean(key: string): boolean | undefined {
    const tree = this.get(key);
    if (!tree) return undefined;
    const value = this.#unquoted(key, tree, /^(true|false)$/, (text) => text === 'true');
    if (typeof value === 'boolean') return value;
    throw this.wrong(key, tree, 'write true or false, without quotes');
  }

  /** Returns the plain value, converted from a quoted text where that is accepted. */
  #unquoted(key: string, tree: Tree, form: RegExp, make: (text: string) => number | boolean) {
    if (tree.kind !== 'scalar') return undefined;
    if (!this.#warn || typeof tree.value !== 'string' || !form.test(tree.value)) return tree.value;
    this.#warn(tree.source, `${this.owner}: ${key} is in quotes, and read without them`);
    return make(tree.value);
  }

  oneOf<Value extends string>(key: string, values: readonly Value[]): Value | undefined {
    if (!this.has(key)) return undefined;
    const text = this.requireString(key);
    const value = values.find((known) => known === text);
    if (value === undefined)
      throw this.fault(key, `is "${text}"`, `use one of ${values.join(', ')}`);
    return value;
  }

  map(key: string, owner = `${this.owner}, ${key}`): Fields | undefined {
    const tree = this.get(key);
    return tree && new Fields(tree, owner, this.#warn);
  }

  list(key: string): Tree[] {
    const tree = this.get(key);
    if (!tree) return [];
    if (tree.kind !== 'list') throw this.wrong(key, tree, 'write a list');
    return tree.items;
  }

  strings(key: string): string[] {
    return this.list(key).map((item) => {
      if (item.kind === 'scalar' && typeof item.value === 'string') return item.value;
      throw this.wrong(key, item, 'write a list of texts');
    });
  }

  wrong(key: string, tree: Tree, remedy: string): Error {
    return this.fault(key, `is ${describeTree(tree)}`, remedy);
  }

  fault(key: string, what: string, remedy: string): Error {
    const source = this.tree.entries.get(key)?.source ?? this.source;
    return invalidProject(source, `${this.owner}: ${key} ${what}`, remedy);
  }
}
