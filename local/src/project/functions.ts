import { readBuildSteps } from './actions.ts';
import { filledProps } from './filled-props.ts';
import type { Findings } from './findings.ts';
import { readFunction } from './function-props.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import type { Resource, ServerlessFile } from './serverless-file.ts';
import type { FunctionSpec } from './types.ts';
import { scalar, type Tree } from './yaml-tree.ts';

/** Reads the functions that run here; the others are left out with their reasons. */
export function readFunctions(
  resources: readonly Resource[],
  file: ServerlessFile,
  dir: string,
  findings: Findings,
): FunctionSpec[] {
  const names = new Map<string, string>();
  return resources.flatMap((resource) => {
    const { key, source } = resource;
    const place = { what: `Function "${key}"`, resource: key, source };
    const fn = findings.attempt(place, () => {
      const read = readOne(resource, file, dir, findings);
      const other = names.get(read.name);
      if (other !== undefined)
        throw invalidProject(
          source,
          `Function "${key}" has the functionName of "${other}", "${read.name}"`,
          'give each a name of its own',
        );
      names.set(read.name, key);
      return read;
    });
    return fn ?? [];
  });
}

function readOne(
  resource: Resource,
  file: ServerlessFile,
  dir: string,
  findings: Findings,
): FunctionSpec {
  const { key, source, actions } = resource;
  const self = file.selfOf(resource);
  const props = filledProps(file, resource, findings);
  const options = {
    dir,
    warn: findings.warn,
    fill: (tree: Tree, own = self) => file.fill(tree, own),
  };
  const buildSteps = [
    ...readBuildSteps(file.actions, { ...options, self: undefined }),
    ...readBuildSteps(actions, { ...options, self }),
  ];
  const fill = (tree: Tree) => file.fill(tree, self);
  return readFunction({ key, source, props, buildSteps, fill }, dir, findings);
}

/** Leaves out functions of components before fc3, which have another form. */
export function leaveOutOlder(resources: readonly Resource[], findings: Findings): void {
  for (const { key, source, componentAsWritten } of resources)
    findings.attempt({ what: `Function "${key}"`, resource: key, source }, () => {
      throw unsupported(
        source,
        `Function "${key}": the component ${componentAsWritten} is of Function Compute 2.0`,
        'let "s cli fc3 s2tos3" turn it into one of fc3',
      );
    });
}

/** Returns an output of a function that is known before it is deployed. */
export function functionOutput(
  resource: Resource,
  name: string,
  source: string,
  { file, accountId }: { file: ServerlessFile; accountId: string },
): Tree {
  const text = (key: string): string | undefined => {
    const tree = file.prop(resource, key);
    return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined;
  };
  const functionName = text('functionName');
  if (functionName !== undefined && name === 'functionName') return scalar(functionName, source);
  if (functionName !== undefined && name === 'functionArn')
    return scalar(`acs:fc:${text('region') ?? ''}:${accountId}:functions/${functionName}`, source);
  throw unsupported(
    source,
    `the output "${name}" of "${resource.key}" is known only in the cloud`,
    "use a function's functionName, or an output of the stack",
  );
}
