import { invalidProject, unsupported } from '../invalid-project.ts';
import { describeTree, type List, scalar, type Tree } from '../yaml-tree.ts';

/** The values available to a template's functions. */
export interface Scope {
  /** Returns the value of a parameter or pseudo parameter. */
  ref(name: string, source: string): Tree;
  /** Returns the value of a resource's attribute. */
  attribute(resource: string, attribute: string, source: string): Tree;
  /** Returns whether the named condition holds. */
  condition(name: string, source: string): boolean;
}

type Intrinsic = (argument: Tree, scope: Scope, name: string) => Tree;

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (argument, scope, name) => scope.ref(text(argument, scope, name), argument.source),
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::If': choose,
  'Fn::Select': select,
  'Fn::Split': split,
};

/**
 * Evaluates every function call in the tree. Throws LocalCloudError for a function not known here.
 */
export function evaluate(tree: Tree, scope: Scope): Tree {
  if (tree.kind === 'list')
    return { ...tree, items: tree.items.map((item) => evaluate(item, scope)) };
  if (tree.kind === 'scalar') return tree;
  const call = callOf(tree);
  if (!call) {
    const entries = [...tree.entries].map(([key, value]) => [key, evaluate(value, scope)] as const);
    return { ...tree, entries: new Map(entries) };
  }
  const intrinsic = Object.hasOwn(INTRINSICS, call.name) ? INTRINSICS[call.name] : undefined;
  if (!intrinsic)
    throw unsupported(
      tree.source,
      `${call.name} is not known here`,
      `use ${Object.keys(INTRINSICS).join(', ')}, or write the value itself`,
    );
  return { ...intrinsic(call.argument, scope, call.name), source: tree.source };
}

/** Evaluates a condition: its name, `Fn::Equals`, or `Fn::Not` of one. */
export function holds(tree: Tree, scope: Scope): boolean {
  if (tree.kind === 'scalar' && typeof tree.value === 'string')
    return scope.condition(tree.value, tree.source);
  const call = tree.kind === 'map' ? callOf(tree) : undefined;
  if (call?.name === 'Fn::Not') {
    const { argument } = call;
    const [only] = argument.kind === 'list' ? argument.items : [argument];
    return !holds(only ?? argument, scope);
  }
  if (call?.name === 'Fn::Equals') {
    const [left, right] = args(call.argument, call.name, 2);
    return plainText(left, scope, call.name) === plainText(right, scope, call.name);
  }
  if (call?.name === 'Fn::And' || call?.name === 'Fn::Or') {
    const { items } = call.argument.kind === 'list' ? call.argument : { items: [call.argument] };
    return call.name === 'Fn::And'
      ? items.every((item) => holds(item, scope))
      : items.some((item) => holds(item, scope));
  }
  throw unsupported(
    tree.source,
    'this condition is not known here',
    'use Fn::Equals, Fn::Not, Fn::And, Fn::Or, or the name of a condition',
  );
}

function callOf(tree: Tree): { name: string; argument: Tree } | undefined {
  if (tree.kind !== 'map' || tree.entries.size !== 1) return undefined;
  const [[name, argument] = []] = tree.entries;
  if (name === undefined || argument === undefined) return undefined;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined;
}

/**
 * Evaluates `[Resource, Attribute]`, or `Resource.Attribute` in the short form. An attribute's name
 * may contain a dot.
 */
function getAttribute(argument: Tree, scope: Scope, name: string): Tree {
  if (argument.kind === 'scalar')
    return attributeOf(text(argument, scope, name), scope, argument.source);
  const [resource, attribute] = args(argument, name, 2);
  return scope.attribute(
    text(resource, scope, name),
    text(attribute, scope, name),
    argument.source,
  );
}

function attributeOf(path: string, scope: Scope, source: string): Tree {
  const dot = path.indexOf('.');
  if (dot > 0) return scope.attribute(path.slice(0, dot), path.slice(dot + 1), source);
  throw invalidProject(source, `"${path}" names no attribute`, 'write <resource>.<attribute>');
}

/**
 * Substitutes `${Name}`: a variable of the call, a parameter, or `Resource.Attribute`; `${!Name}`
 * stays, without the mark.
 */
function substitute(argument: Tree, scope: Scope, name: string): Tree {
  const [template, variables] = argument.kind === 'list' ? args(argument, name, 2) : [argument];
  const own = variables?.kind === 'map' ? variables.entries : undefined;
  const filled = text(template, scope, name).replace(/\$\{([^}]*)\}/g, (_, path: string) => {
    if (path.startsWith('!')) return `\${${path.slice(1)}}`;
    const variable = own?.get(path);
    if (variable) return plainText(variable, scope, name);
    const value = path.includes('.')
      ? attributeOf(path, scope, template.source)
      : scope.ref(path, template.source);
    return plainText(value, scope, name);
  });
  return scalar(filled, argument.source);
}

function join(argument: Tree, scope: Scope, name: string): Tree {
  const [separator, list] = args(argument, name, 2);
  const items = evaluate(list, scope);
  if (items.kind !== 'list')
    throw invalidProject(list.source, `${name} joins ${describeTree(items)}`, 'give it a list');
  const texts = items.items.map((item) => plainText(item, scope, name));
  return scalar(texts.join(plainText(separator, scope, name)), argument.source);
}

function choose(argument: Tree, scope: Scope, name: string): Tree {
  const [condition, yes, no] = args(argument, name, 3);
  return evaluate(holds(condition, scope) ? yes : no, scope);
}

/** Returns the item of a list by its number, or the value of a map by its key. */
function select(argument: Tree, scope: Scope, name: string): Tree {
  const { items } = argument.kind === 'list' ? argument : { items: [] };
  const [index, from] = items;
  if (!index || !from) return args(argument, name, 2)[0];
  const values = evaluate(from, scope);
  const key = plainText(index, scope, name);
  const found = values.kind === 'map' ? values.entries.get(key) : itemOf(values, key);
  if (found) return found;
  throw invalidProject(argument.source, `${name} finds no ${key}`, 'name one that is there');
}

function itemOf(tree: Tree, key: string): Tree | undefined {
  return tree.kind === 'list' ? tree.items.at(Number(key)) : undefined;
}

function split(argument: Tree, scope: Scope, name: string): Tree {
  const [separator, whole] = args(argument, name, 2);
  const { source } = argument;
  const parts = plainText(whole, scope, name).split(plainText(separator, scope, name));
  return { kind: 'list', items: parts.map((part) => scalar(part, source)), source };
}

function args(argument: Tree, name: string, count: 2): [Tree, Tree];
function args(argument: Tree, name: string, count: 3): [Tree, Tree, Tree];
function args(argument: Tree, name: string, count: number): Tree[] {
  const { items }: Pick<List, 'items'> = argument.kind === 'list' ? argument : { items: [] };
  if (items.length === count) return items;
  throw invalidProject(
    argument.source,
    `${name} has ${argument.kind === 'list' ? items.length : describeTree(argument)} for arguments`,
    `give it a list of ${count}`,
  );
}

function text(tree: Tree, scope: Scope, name: string): string {
  const value = evaluate(tree, scope);
  if (value.kind === 'scalar' && typeof value.value === 'string') return value.value;
  throw invalidProject(tree.source, `${name} has ${describeTree(value)}`, 'give it a text');
}

function plainText(tree: Tree, scope: Scope, name: string): string {
  const value = evaluate(tree, scope);
  if (value.kind === 'scalar') return String(value.value ?? '');
  throw invalidProject(tree.source, `${name} has ${describeTree(value)}`, 'give it a plain value');
}
