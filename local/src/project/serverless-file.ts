import type { Environment } from './environment.ts';
import { evaluate, type Scope, type Self } from './evaluate.ts';
import { type Expression, KNOWN_EXPRESSIONS, parseExpression } from './expression.ts';
import { Fields } from './fields.ts';
import type { Findings } from './findings.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import { merge } from './merge.ts';
import { checkEdition, RESOURCE_KEYS, TOP_LEVEL_KEYS, warnOfUnknown } from './serverless-keys.ts';
import { describeTree, type Mapping, scalar, type Tree } from './yaml-tree.ts';

export interface ServerlessFileOptions {
  /** Name of the file, for messages. */
  file: string;
  /** Folder of s.yaml; its paths start there. */
  dir: string;
  env: NodeJS.ProcessEnv;
  accountId: string;
  /** Overlays of env.yaml over the resources' props. */
  environment: Environment | undefined;
  findings: Findings;
  /** Returns the value of `${resources.<resource>.output.<name>}`. */
  output(resource: Resource, name: string, source: string): Tree;
}

/** One entry under `resources`. */
export interface Resource {
  key: string;
  /** The component's name without its version and `devsapp/`. */
  component: string;
  /** As written, filled in. */
  componentAsWritten: string;
  /** Place of its key. */
  source: string;
  /**
   * As written: without what it extends, expressions not filled in. ServerlessFile.merged returns
   * the whole.
   */
  own: Mapping | undefined;
  extend: Fields | undefined;
  access: Tree | undefined;
  /** Steps that run before and after its commands. */
  actions: Tree | undefined;
}

const EXPRESSION = /\$\{([^}]*)\}/g;

/**
 * An s.yaml whose `template`, `extend` and environment are merged and whose `${…}` are filled in,
 * each as by the deploy tool.
 */
export class ServerlessFile {
  readonly name: string;
  /** Actions of the whole project. */
  readonly actions: Tree | undefined;
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #templates: Fields | undefined;
  readonly #options: ServerlessFileOptions;
  readonly #scope: Scope<Resource>;
  /** Expressions being evaluated, to detect circular ones. */
  readonly #open = new Set<string>();

  constructor(root: Mapping, options: ServerlessFileOptions) {
    const { file, dir, env, accountId, findings } = options;
    this.#options = options;
    const top = new Fields(root, file);
    checkEdition(top);
    warnOfUnknown(top, TOP_LEVEL_KEYS, findings.warn);
    this.#scope = {
      dir,
      env,
      accountId,
      vars: () => given(top, 'vars')?.tree,
      resource: (key, source) => this.#resource(key, source),
      props: (resource) => this.merged(resource),
      self: (resource) => this.selfOf(resource),
      output: (resource, name, source) => options.output(resource, name, source),
      fill: (tree, self) => this.fill(tree, self),
    };
    this.name = String(this.#fillScalar(top.require('name')));
    this.actions = root.entries.get('actions');
    this.#templates = given(top, 'template');
    this.#resources = this.#readResources(top);
  }

  /** Its name, for messages. */
  get file(): string {
    return this.#options.file;
  }

  get resources(): Resource[] {
    return [...this.#resources.values()];
  }

  /**
   * Returns the resource's props with those of the template it extends and of the environment,
   * expressions not filled in.
   */
  merged(resource: Resource): Mapping {
    const { key, componentAsWritten, own, extend, source } = resource;
    const { environment } = this.#options;
    return merge(
      source,
      extend && this.#template(extend),
      own,
      ...(environment?.overlays(componentAsWritten, key) ?? []).map((overlay) =>
        asMap(this.fill(overlay, environment?.self), overlay.source),
      ),
    );
  }

  /** Returns all props, filled in. */
  props(resource: Resource): Mapping {
    const props = this.merged(resource);
    return asMap(this.fill(props, this.selfOf(resource)), props.source);
  }

  /** Returns one prop, filled in; the others may need it. */
  prop(resource: Resource, key: string): Tree | undefined {
    const tree = this.merged(resource).entries.get(key);
    return tree && this.fill(tree, this.selfOf(resource));
  }

  /** Returns the value of `this` in a resource's props. */
  selfOf(resource: Resource): Self {
    const { key, componentAsWritten, access, source } = resource;
    return {
      id: key,
      root: () => ({
        kind: 'map',
        source,
        entries: new Map<string, Tree>([
          ['name', scalar(key, source)],
          ['component', scalar(componentAsWritten, source)],
          ...(access ? [['access', access] as const] : []),
          ['props', this.merged(resource)],
        ]),
      }),
    };
  }

  /**
   * Fills in every expression in the tree. An entry of a map without a value is removed, as by the
   * deploy tool.
   */
  fill(tree: Tree, self?: Self): Tree {
    if (tree.kind === 'list')
      return { ...tree, items: tree.items.map((item) => this.fill(item, self)) };
    if (tree.kind === 'map') {
      const entries = [...tree.entries].filter(([key, value]) => !this.isEmpty(key, value));
      return {
        ...tree,
        entries: new Map(entries.map(([key, value]) => [key, this.fill(value, self)])),
      };
    }
    return typeof tree.value === 'string' ? this.#fillText(tree.value, tree.source, self) : tree;
  }

  /** Returns whether an entry has no value, with a warning. */
  isEmpty(key: string, tree: Tree): boolean {
    if (tree.kind !== 'scalar' || tree.value !== null) return false;
    const { warn } = this.#options.findings;
    warn(tree.source, `${key} has no value, so it counts as absent`);
    return true;
  }

  #readResources(top: Fields): Map<string, Resource> {
    const resources = new Fields(top.require('resources'), 'resources');
    return new Map(
      [...resources.tree.entries].flatMap(([key, tree]) => {
        const place = { what: `Resource "${key}"`, resource: key, source: tree.source };
        const read = this.#options.findings.attempt(place, () => this.#readResource(key, tree));
        return read ? [[key, read] as const] : [];
      }),
    );
  }

  #readResource(key: string, tree: Tree): Resource {
    const fields = new Fields(tree, `Resource "${key}"`);
    warnOfUnknown(fields, RESOURCE_KEYS, this.#options.findings.warn);
    const componentAsWritten = String(this.#fillScalar(fields.require('component')));
    return {
      key,
      component: componentAsWritten.replace(/^devsapp\//, '').replace(/@[^/]*$/, ''),
      componentAsWritten,
      source: tree.source,
      own: given(fields, 'props')?.tree,
      extend: given(fields, 'extend')?.only(['name', 'ignore']),
      access: fields.tree.entries.get('access'),
      actions: fields.tree.entries.get('actions'),
    };
  }

  /** Fills in a template by itself: the deploy tool knows no `this` there. */
  #template(extend: Fields): Mapping {
    const name = extend.requireString('name');
    const template = this.#templates?.map(name, `template "${name}"`);
    if (!template) throw extend.fault('name', `is "${name}"`, 'name an entry under template');
    const ignored = extend.strings('ignore');
    const kept = [...template.tree.entries].filter(([key]) => !ignored.includes(key));
    return this.#once(undefined, `template ${name}`, template.source, () =>
      asMap(this.fill({ ...template.tree, entries: new Map(kept) }), template.source),
    );
  }

  #fillText(text: string, source: string, self: Self | undefined): Tree {
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
    if (filled.kind === 'scalar' && filled.value !== null) return filled.value;
    throw invalidProject(tree.source, `it is ${describeTree(filled)}`, 'write one plain value');
  }

  #evaluate(body: string, source: string, self: Self | undefined): Tree {
    const expression: Expression | undefined = parseExpression(body);
    if (!expression)
      throw unsupported(source, `\${${body}} is not known here`, `use ${KNOWN_EXPRESSIONS}`);
    return this.#once(self, `\${${body}}`, source, () =>
      evaluate(expression, this.#scope, { body, source, self }),
    );
  }

  #once<Result>(self: Self | undefined, what: string, source: string, work: () => Result): Result {
    const id = `${self?.id ?? ''} ${what}`;
    if (this.#open.has(id))
      throw invalidProject(source, `${what} depends on itself`, 'break the circle');
    this.#open.add(id);
    try {
      return work();
    } finally {
      this.#open.delete(id);
    }
  }

  #resource(key: string, source: string): Resource {
    const resource = this.#resources?.get(key);
    if (resource) return resource;
    throw invalidProject(
      source,
      `there is no resource "${key}"`,
      this.#resources ? 'name one under resources' : 'under vars and component none is known yet',
    );
  }
}

/** Returns a map that may be empty, as when only a comment follows its key. */
function given(fields: Fields, key: string): Fields | undefined {
  const tree = fields.tree.entries.get(key);
  const empty = !tree || (tree.kind === 'scalar' && tree.value === null);
  return empty ? undefined : fields.map(key);
}

function asMap(tree: Tree, source: string): Mapping {
  if (tree.kind === 'map') return tree;
  throw invalidProject(source, `it is ${describeTree(tree)}`, 'write a map');
}
