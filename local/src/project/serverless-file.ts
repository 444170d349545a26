import { resolve } from 'node:path';
import { buildCommands } from './build-commands.ts';
import { type Expression, KNOWN_EXPRESSIONS, parseExpression } from './expression.ts';
import { Fields } from './fields.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import { describeTree, type Mapping, scalar, type Tree } from './yaml-tree.ts';

export interface ServerlessFileOptions {
  /** Folder of s.yaml; paths in it start there. */
  dir: string;
  env: NodeJS.ProcessEnv;
  accountId: string;
  /** The value of `${resources.<resource>.output.<name>}`. */
  output(resource: Resource, name: string, source: string): Tree;
}

/** One entry under `resources`. */
export interface Resource {
  key: string;
  component: string;
  /** Where its key stands. */
  source: string;
  /** As written: without what it extends, expressions not filled in. ServerlessFile.props gives the whole. */
  own: Mapping | undefined;
  extend: Fields | undefined;
  /** What builds it before a deployment, as written. */
  buildCommands: string[];
}

const TOP_LEVEL = ['edition', 'name', 'access', 'vars', 'template', 'resources', 'flow', 'actions'];
const RESOURCE = ['component', 'access', 'extend', 'actions', 'props'];
const EXPRESSION = /\$\{([^}]*)\}/g;

/** An s.yaml whose `template` and `extend` are merged and whose `${…}` are filled in, as the deploy tool does both: maps merge key by key, lists and plain values are replaced. */
export class ServerlessFile {
  readonly name: string;
  readonly #resources: ReadonlyMap<string, Resource> | undefined;
  readonly #templates: Fields | undefined;
  readonly #options: ServerlessFileOptions;
  readonly #vars: Mapping | undefined;
  /** Expressions being worked out, to catch one that needs itself. */
  readonly #open = new Set<string>();

  constructor(root: Mapping, options: ServerlessFileOptions) {
    const top = new Fields(root, 's.yaml').only(TOP_LEVEL);
    const edition = top.requireString('edition');
    if (edition !== '3.0.0') throw top.fault('edition', `is "${edition}"`, 'write 3.0.0');
    this.#options = options;
    this.#vars = top.map('vars')?.tree;
    if (this.#vars) this.fill(this.#vars);
    this.name = String(this.#fillScalar(top.require('name')));
    this.#templates = top.map('template', 'template');
    this.#resources = this.#readResources(top);
  }

  get resources(): Resource[] {
    return [...(this.#resources?.values() ?? [])];
  }

  /** The resource's props, with those of the template it extends, every expression filled in. */
  props(resource: Resource): Tree {
    return this.fill(this.#merged(resource), resource);
  }

  /** One of its props, filled in; the others may need it. */
  prop(resource: Resource, key: string): Tree | undefined {
    const tree = this.#merged(resource).entries.get(key);
    return tree && this.fill(tree, resource);
  }

  /** Fills in every expression in the tree; `self` is what `this` means in it. */
  fill(tree: Tree, self?: Resource): Tree {
    if (tree.kind === 'list')
      return { ...tree, items: tree.items.map((item) => this.fill(item, self)) };
    if (tree.kind === 'map')
      return {
        ...tree,
        entries: new Map([...tree.entries].map(([key, value]) => [key, this.fill(value, self)])),
      };
    return typeof tree.value === 'string' ? this.#fillText(tree.value, tree.source, self) : tree;
  }

  #readResources(top: Fields): Map<string, Resource> {
    const resources = new Fields(top.require('resources'), 'resources');
    return new Map(
      [...resources.tree.entries].map(([key, tree]) => {
        const fields = new Fields(tree, `Resource "${key}"`).only(RESOURCE);
        const component = fields.requireString('component').replace(/^devsapp\//, '');
        const resource = {
          key,
          component: component.split('@')[0] ?? component,
          source: tree.source,
          own: fields.map('props')?.tree,
          extend: fields.map('extend')?.only(['name']),
          buildCommands: buildCommands(fields.get('actions')),
        };
        return [key, resource] as const;
      }),
    );
  }

  #merged({ own, extend, source }: Resource): Mapping {
    return merge(extend && this.#template(extend), own, source);
  }

  /** Filled in by itself: the deploy tool knows no `this` in a template. */
  #template(extend: Fields): Mapping {
    const name = extend.requireString('name');
    const template = this.#templates?.map(name, `template "${name}"`);
    if (!template) throw extend.fault('name', `is "${name}"`, 'name an entry under template');
    return this.#once(undefined, `template ${name}`, template.source, () => {
      const entries = [...template.tree.entries];
      return {
        ...template.tree,
        entries: new Map(entries.map(([key, value]) => [key, this.fill(value)])),
      };
    });
  }

  #fillText(text: string, source: string, self: Resource | undefined): Tree {
    const whole = /^\$\{([^}]*)\}$/.exec(text);
    if (whole) return { ...this.#evaluate(whole[1] ?? '', source, self), source };
    const filled = text.replace(EXPRESSION, (expression, body: string) => {
      const value = this.#evaluate(body, source, self);
      if (value.kind === 'scalar') return String(value.value ?? '');
      throw invalidProject(
        source,
        `${expression} is ${describeTree(value)} inside a text`,
        'name one plain value in it',
      );
    });
    return scalar(filled, source);
  }

  #fillScalar(tree: Tree): unknown {
    const filled = this.fill(tree);
    if (filled.kind === 'scalar') return filled.value;
    throw invalidProject(tree.source, `it is ${describeTree(filled)}`, 'write one plain value');
  }

  #evaluate(body: string, source: string, self: Resource | undefined): Tree {
    const expression = parseExpression(body);
    if (!expression)
      throw unsupported(source, `\${${body}} is not known here`, `use ${KNOWN_EXPRESSIONS}`);
    return this.#once(self, `\${${body}}`, source, () =>
      this.#value(expression, body, source, self),
    );
  }

  #once<Result>(
    self: Resource | undefined,
    what: string,
    source: string,
    work: () => Result,
  ): Result {
    const id = `${self?.key ?? ''} ${what}`;
    if (this.#open.has(id))
      throw invalidProject(source, `${what} needs itself`, 'break the circle');
    this.#open.add(id);
    try {
      return work();
    } finally {
      this.#open.delete(id);
    }
  }

  #value(expression: Expression, body: string, source: string, self: Resource | undefined): Tree {
    const { dir, env, accountId } = this.#options;
    switch (expression.kind) {
      case 'env': {
        const value = env[expression.name] ?? expression.fallback;
        if (value !== undefined) return scalar(value, source);
        throw invalidProject(
          source,
          `the environment has no ${expression.name}`,
          `set it, or give a default: \${env('${expression.name}', '…')}`,
        );
      }
      case 'config':
        if (expression.key === 'AccountID') return scalar(accountId, source);
        throw unsupported(source, `\${${body}} is not known here`, `use \${config('AccountID')}`);
      case 'path':
        return scalar(resolve(dir, expression.path), source);
      case 'vars':
        return this.#lookUp(this.#vars, expression.path, body, source, self);
      case 'this':
        return this.#lookUp(self && this.#merged(self), expression.path, body, source, self);
      case 'props': {
        const other = this.#resource(expression.resource, source);
        return this.#lookUp(this.#merged(other), expression.path, body, source, other);
      }
      case 'output': {
        const other = this.#resource(expression.resource, source);
        return this.#options.output(other, expression.path.join('.'), source);
      }
    }
  }

  #resource(key: string, source: string): Resource {
    const resource = this.#resources?.get(key);
    if (resource) return resource;
    throw invalidProject(
      source,
      `there is no resource "${key}"`,
      this.#resources ? 'name one under resources' : 'under vars none is known yet',
    );
  }

  #lookUp(
    root: Tree | undefined,
    path: readonly string[],
    body: string,
    source: string,
    self: Resource | undefined,
  ): Tree {
    let tree = root;
    for (const key of path) {
      const filled = tree?.kind === 'scalar' ? this.fill(tree, self) : tree;
      tree = filled?.kind === 'map' ? filled.entries.get(key) : undefined;
    }
    if (tree) return this.fill(tree, self);
    if (body.startsWith('this.') && !self)
      throw invalidProject(
        source,
        `\${${body}} has no meaning outside of a resource`,
        "write it under the resource's own props",
      );
    throw invalidProject(source, `\${${body}} is not there`, `define ${body}`);
  }
}

function merge(base: Mapping | undefined, own: Mapping | undefined, source: string): Mapping {
  const entries = new Map(base?.entries);
  for (const [key, value] of own?.entries ?? []) {
    const inherited = entries.get(key);
    const both = inherited?.kind === 'map' && value.kind === 'map';
    entries.set(key, both ? merge(inherited, value, value.source) : value);
  }
  return { kind: 'map', entries, source };
}
