import { checkReferences } from './check-references.ts';
import { Fields } from './fields.ts';
import { readDotEnv, readText } from './files.ts';
import { readFunction } from './function-props.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import { checkOverlaps } from './overlapping-triggers.ts';
import { readStack } from './ros/stack.ts';
import type { Template } from './ros/template.ts';
import { type Resource, ServerlessFile } from './serverless-file.ts';
import { readTemplate } from './stacks.ts';
import type { FunctionSpec, Project, RoleSpec } from './types.ts';
import { parseYaml, type Tree } from './yaml-tree.ts';

export interface ReadProjectOptions {
  /** Folder of s.yaml. */
  dir: string;
  /** Variables for `${env()}`; default: the process's. A `.env` beside s.yaml adds what is missing, as for the deploy tool. */
  env?: NodeJS.ProcessEnv;
  /** False leaves the `.env` out: what is read depends on the project's files alone. */
  dotEnv?: boolean;
  accountId: string;
  /** Where the local cloud runs; default: the region that s.yaml names. */
  region?: string;
}

/** Reads s.yaml and the ROS templates it names. Throws LocalCloudError with file, line and remedy for what is wrong and for what the local cloud does not know; what is known and has no effect here goes into `warnings`. */
export async function readProject(options: ReadProjectOptions): Promise<Project> {
  const { dir, accountId } = options;
  const text = readText(dir, 's.yaml', 'start in the folder of a project, or name it');
  const warnings: string[] = [];
  const templates = new Map<string, Template>();

  const file: ServerlessFile = new ServerlessFile(parseYaml(text, 's.yaml'), {
    dir,
    env: { ...(options.dotEnv !== false && readDotEnv(dir)), ...(options.env ?? process.env) },
    accountId,
    output: (resource, name, source) =>
      resource.component === 'ros'
        ? templateOf(resource).output(name, source)
        : functionOutput(resource, name, source),
  });
  const templateOf = (resource: Resource): Template => {
    const template =
      templates.get(resource.key) ??
      readTemplate(resource.key, file.props(resource), { dir, accountId, region: options.region });
    templates.set(resource.key, template);
    return template;
  };
  const functionOutput = (resource: Resource, name: string, source: string): Tree => {
    const value = name === 'functionName' ? file.prop(resource, name) : undefined;
    if (value && resource.component === 'fc3') return value;
    throw unsupported(
      source,
      `the output "${name}" of "${resource.key}" is known only in the cloud`,
      "use a function's functionName, or an output of the stack",
    );
  };

  const ofComponent = (component: string) =>
    file.resources.filter((resource) => resource.component === component);
  for (const { component, source, key } of file.resources)
    if (component !== 'fc3' && component !== 'ros')
      warnings.push(`${source}: Resource "${key}": component ${component} has no effect here`);

  const region = regionOf(file, options.region, warnings);
  const stacks = ofComponent('ros').map((resource) => readStack(templateOf(resource), warnings));
  const roles = stacks.flatMap((stack) => stack.roles);
  const functions = ofComponent('fc3').map((resource) =>
    readFunction({ ...resource, props: file.props(resource) }, dir, warnings),
  );
  checkFunctions(functions, roles);
  const project: Project = {
    name: file.name,
    region,
    functions,
    queues: stacks.flatMap((stack) => stack.queues),
    topics: stacks.flatMap((stack) => stack.topics),
    subscriptions: stacks.flatMap((stack) => stack.subscriptions),
    buckets: stacks.flatMap((stack) => stack.buckets),
    roles,
    warnings,
  };
  checkReferences(project);
  checkOverlaps(functions);
  return project;
}

/** The one region of all resources, or the one that the local cloud is given. */
function regionOf(file: ServerlessFile, given: string | undefined, warnings: string[]): string {
  const regions = file.resources
    .filter(({ component }) => component === 'fc3' || component === 'ros')
    .map((resource) => {
      const props = new Fields(file.props(resource), `Resource "${resource.key}"`);
      const region = props.requireString('region');
      return { region, source: props.get('region')?.source ?? props.source };
    });
  const [first] = regions;
  if (!first) throw invalidProject('s.yaml', 'there is no function and no stack in it', 'add one');
  const other = regions.find(({ region }) => region !== first.region);
  if (other)
    throw unsupported(
      other.source,
      `region ${other.region} stands beside ${first.region} (${first.source})`,
      'use one region: the local cloud has only one',
    );
  if (given !== undefined && given !== first.region)
    warnings.push(
      `${first.source}: region ${first.region} is named; the local cloud runs in ${given}`,
    );
  return given ?? first.region;
}

function checkFunctions(functions: readonly FunctionSpec[], roles: readonly RoleSpec[]): void {
  const names = new Map<string, string>();
  for (const { name, resource, role, source } of functions) {
    const other = names.get(name);
    if (other !== undefined)
      throw invalidProject(
        source,
        `Function "${resource}" has the functionName of "${other}", "${name}"`,
        'give each a name of its own',
      );
    names.set(name, resource);
    if (role !== undefined && !roles.some((known) => known.name === role))
      throw invalidProject(
        source,
        `Function "${resource}" has the role "${role}", which no template has`,
        `name one of ${roles.map((known) => known.name).join(', ') || 'a template'}`,
      );
  }
}
