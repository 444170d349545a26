import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Expression } from './expression.ts';
import { KNOWN_EXPRESSIONS } from './expression.ts';
import { fromPlain } from './from-plain.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import { yamlLibrary } from './yaml-library.ts';
import { describeTree, scalar, type Tree } from './yaml-tree.ts';

/** Value of `this` in an expression. */
export interface Self {
  id: string;
  root(): Tree;
}

/** The values available to expressions; `Resource` is an entry under `resources`. */
export interface Scope<Resource> {
  dir: string;
  env: NodeJS.ProcessEnv;
  accountId: string;
  vars(): Tree | undefined;
  resource(key: string, source: string): Resource;
  props(resource: Resource): Tree;
  self(resource: Resource): Self;
  output(resource: Resource, name: string, source: string): Tree;
  fill(tree: Tree, self?: Self): Tree;
}

/** The place of an expression. */
export interface Place {
  /** The text between the braces. */
  body: string;
  source: string;
  self: Self | undefined;
}

/**
 * Evaluates an expression. Throws ProjectError, with the code UnsupportedInProject for a value that
 * only the cloud or the deploy tool knows.
 */
export function evaluate<Resource>(
  expression: Expression,
  scope: Scope<Resource>,
  place: Place,
): Tree {
  if (expression.kind === 'value') return scalar(expression.value, place.source);
  if (expression.kind === 'call') return call(expression.name, expression.args, scope, place);
  return follow(expression.path, scope, place);
}

function call<Resource>(
  name: string,
  args: readonly Expression[],
  scope: Scope<Resource>,
  place: Place,
): Tree {
  const { source, body } = place;
  const [first] = args;
  if (!first) throw unknown(place);
  const text = textOf(evaluate(first, scope, place), name, source);
  switch (name) {
    case 'env': {
      // To the deploy tool an empty variable is a missing one.
      const value = scope.env[text];
      if (value) return scalar(value, source);
      if (args[1]) return evaluate(args[1], scope, place);
      throw invalidProject(
        source,
        `the environment has no ${text}`,
        `set it, or give a default: \${env('${text}', '…')}`,
      );
    }
    case 'config':
      if (text === 'AccountID') return scalar(scope.accountId, source);
      throw unsupported(source, `\${${body}} is not known here`, `use \${config('AccountID')}`);
    case 'secret':
      throw unsupported(source, `\${${body}} is known only to the deploy tool`, 'use a variable');
    case 'path':
      return scalar(resolve(scope.dir, text), source);
    case 'file':
      return scalar(readFile(scope.dir, text, source), source);
    case 'str':
      return scalar(text, source);
    case 'json':
    case 'yaml':
      return parsed(name, text, source);
    default:
      throw unknown(place);
  }
}

function unknown({ source, body }: Place): Error {
  return unsupported(source, `\${${body}} is not known here`, `use ${KNOWN_EXPRESSIONS}`);
}

function textOf(tree: Tree, name: string, source: string): string {
  if (tree.kind === 'scalar') return String(tree.value ?? '');
  throw invalidProject(source, `${name}() is given ${describeTree(tree)}`, 'give it a text');
}

function readFile(dir: string, path: string, source: string): string {
  try {
    return readFileSync(resolve(dir, path), 'utf8');
  } catch {
    throw invalidProject(source, `there is no file ${path}`, 'put it there, or correct the path');
  }
}

function parsed(name: 'json' | 'yaml', text: string, source: string): Tree {
  try {
    return fromPlain(
      name === 'json' ? JSON.parse(text) : yamlLibrary().parse(text, { logLevel: 'error' }),
      source,
    );
  } catch {
    throw invalidProject(
      source,
      `${name}() is given what is no ${name.toUpperCase()}`,
      'correct it',
    );
  }
}

function follow<Resource>(path: readonly string[], scope: Scope<Resource>, place: Place): Tree {
  const [root, ...rest] = path;
  const { source, body, self } = place;
  if (root === 'cwd' && rest.length === 0) return scalar(scope.dir, source);
  if (rest.length === 0) throw unknown(place);
  if (root === 'vars') return lookUp(scope.vars(), rest, scope, { ...place, self: undefined });
  if (root === 'this') {
    if (!self)
      throw invalidProject(
        source,
        `\${${body}} has no meaning outside of a resource`,
        "write it under the resource's own props",
      );
    return lookUp(self.root(), rest, scope, place);
  }
  const [key, section, ...names] = rest;
  if (root !== 'resources' || key === undefined || names.length === 0) throw unknown(place);
  const resource = scope.resource(key, source);
  if (section === 'props')
    return lookUp(scope.props(resource), names, scope, { ...place, self: scope.self(resource) });
  if (section === 'output') return scope.output(resource, names.join('.'), source);
  if (section !== 'info') throw unknown(place);
  throw unsupported(
    source,
    `\${${body}} is known only in the cloud`,
    "use an output, or the resource's props",
  );
}

function lookUp<Resource>(
  root: Tree | undefined,
  path: readonly string[],
  scope: Scope<Resource>,
  { body, source, self }: Place,
): Tree {
  let tree = root;
  for (const key of path) {
    const filled = tree?.kind === 'scalar' ? scope.fill(tree, self) : tree;
    tree = filled?.kind === 'map' ? filled.entries.get(key) : undefined;
  }
  if (tree) return scope.fill(tree, self);
  throw invalidProject(source, `\${${body}} is not defined`, `define ${body}`);
}
