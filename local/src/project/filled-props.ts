import type { Findings } from './findings.ts';
import { isUnknownHere, type ProjectError } from './invalid-project.ts';
import { ONLY_IN_THE_CLOUD } from './placeholder.ts';
import type { PropsTable } from './props-table.ts';
import { FUNCTION_PROPS } from './props-table.ts';
import type { Resource, ServerlessFile } from './serverless-file.ts';
import { type Mapping, scalar, type Tree } from './yaml-tree.ts';

/**
 * Returns a function's props with their expressions filled in, except those that have no meaning
 * here, which need not be known, and the triggers, each of which is filled in by itself. A value
 * that only the cloud knows becomes a placeholder where that is harmless: a variable, a role, a
 * destination.
 */
export function filledProps(file: ServerlessFile, resource: Resource, findings: Findings): Mapping {
  const self = file.selfOf(resource);
  const props = file.merged(resource);
  const fill = (tree: Tree) => file.fill(tree, self);
  const entries: [string, Tree][] = [];
  for (const [key, tree] of props.entries) {
    const filled = file.isEmpty(key, tree) ? undefined : fillProp(key, tree);
    if (filled) entries.push([key, filled]);
  }
  return { ...props, entries: new Map(entries) };

  function fillProp(key: string, tree: Tree): Tree | undefined {
    if (!isRead(key) || (key === 'triggers' && tree.kind === 'list')) return tree;
    if (key === 'environmentVariables') return leniently(fill, tree, placeholder(key));
    if (key === 'role') return orElse(tree, placeholderRole);
    if (key === 'asyncInvokeConfig')
      return orElse(tree, (error) => {
        findings.warn(error.source, `${key} has no effect here: ${error.reason}`);
        return undefined;
      });
    const value = fill(tree);
    return value.kind === 'scalar' && value.value === null ? undefined : value;
  }

  function orElse(tree: Tree, make: (error: ProjectError) => Tree | undefined): Tree | undefined {
    try {
      return fill(tree);
    } catch (error) {
      if (isUnknownHere(error)) return make(error);
      throw error;
    }
  }

  function placeholder(owner: string) {
    return (error: ProjectError, name: string): Tree => {
      findings.warn(
        error.source,
        `Function "${resource.key}", ${owner}: ${name} is "${ONLY_IN_THE_CLOUD}" here: ${error.reason}`,
      );
      return scalar(ONLY_IN_THE_CLOUD, error.source);
    };
  }

  function placeholderRole(error: ProjectError): Tree {
    findings.warn(
      error.source,
      `Function "${resource.key}" has a role of its own here: ${error.reason}`,
    );
    return scalar(`role-of-${resource.key.replace(/[^A-Za-z0-9.-]/g, '-')}`, error.source);
  }
}

/**
 * Fills in the tree value by value; `instead` returns the replacement for one that is not known
 * here.
 */
export function leniently(
  fill: (tree: Tree) => Tree,
  tree: Tree,
  instead: (error: ProjectError, name: string) => Tree,
): Tree {
  const whole = tree.kind === 'map' ? tree : fill(tree);
  if (whole.kind !== 'map') return whole;
  const entries = [...whole.entries].flatMap(([name, value]): [string, Tree][] => {
    if (value.kind === 'scalar' && value.value === null) {
      // fill() warns of it and removes it.
      fill({ ...whole, entries: new Map([[name, value]]) });
      return [];
    }
    try {
      return [[name, fill(value)]];
    } catch (error) {
      if (isUnknownHere(error)) return [[name, instead(error, name)]];
      throw error;
    }
  });
  return { ...whole, entries: new Map(entries) };
}

function isRead(key: string): boolean {
  const treatment: PropsTable[string] | undefined = Object.hasOwn(FUNCTION_PROPS, key)
    ? FUNCTION_PROPS[key]
    : 'no meaning';
  return treatment === 'read' || typeof treatment === 'object';
}
