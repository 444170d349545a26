import type { LocalCloudError } from '../errors.ts';
import { kindOf } from './components.ts';
import { readEnvironment } from './environment.ts';
import { Findings } from './findings.ts';
import { functionOutput, leaveOutOlder, readFunctions } from './functions.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import { withoutOverlaps } from './overlapping-triggers.ts';
import { References } from './references.ts';
import { regionOf } from './regions.ts';
import type { Stack } from './ros/stack.ts';
import { type Resource, ServerlessFile } from './serverless-file.ts';
import { readSourceFiles, type SourceFiles } from './source-files.ts';
import { Stacks } from './stacks.ts';
import type { Project } from './types.ts';
import type { Tree } from './yaml-tree.ts';

export interface ReadProjectOptions {
  /** Folder of s.yaml; `file` and `template` are relative to it. */
  dir: string;
  /** Name or path of s.yaml, from `dir`; default: s.yaml, or s.yml where there is none. */
  file?: string;
  /** Name of an environment in env.yaml, whose overlays are merged over the resources. */
  environment?: string;
  /**
   * A ROS template, relative to `dir`, for a project whose s.yaml names none; its parameters have
   * their defaults.
   */
  template?: string;
  /** Whether the first function or trigger that cannot run here is an error; default: it is left out, and the rest is read. */
  strict?: boolean;
  /** Variables for `${env()}`; default: the process's. A `.env` beside s.yaml adds what is missing, as for the deploy tool. */
  env?: NodeJS.ProcessEnv;
  /** False ignores the `.env`: the result depends only on the project's files. */
  dotEnv?: boolean;
  accountId: string;
  /** Region of the local cloud; default: the region that s.yaml names. */
  region?: string;
}

/**
 * Reads s.yaml and the ROS templates it names. `leftOut` lists what cannot run here, `warnings`
 * what has no effect here or another one than in the cloud, `created` what is created because it is
 * named but declared nowhere. Throws LocalCloudError with file, line and remedy for a file that
 * does not exist, is no YAML or has another edition, for a project without functions and stacks,
 * and with `strict` for the first thing that would be left out.
 */
export async function readProject(options: ReadProjectOptions): Promise<Project> {
  const { accountId, region: given } = options;
  const sources = readSourceFiles(options.dir, options.file);
  const findings = new Findings(options.strict ?? false);
  const { file, stacks } = openFile(sources, options, findings);
  const resources = byKind(file, findings);
  const region = regionOf([...resources.functions, ...resources.stacks], file, given, findings);

  const made = resources.stacks.flatMap((resource) => stacks.read(resource) ?? []);
  if (options.template !== undefined && resources.stacks.length === 0)
    made.push(stacks.readFile(options.template, file.name, region));
  const all = <Key extends keyof Stack>(key: Key) =>
    made.flatMap((stack) => stack[key] as Stack[Key][number][]) as Stack[Key];

  leaveOutOlder(resources.older, findings);
  const read = readFunctions(resources.functions, file, sources.dir, findings);
  const project = {
    name: file.name,
    region,
    functions: withoutOverlaps(read, findings),
    queues: all('queues'),
    topics: all('topics'),
    subscriptions: all('subscriptions'),
    buckets: all('buckets'),
    roles: all('roles'),
  };
  const references = new References(project, accountId, findings);
  const functions = references.complete();
  const { warnings, leftOut } = findings;
  const { created } = references;
  return {
    ...project,
    functions,
    warnings,
    ...(leftOut.length > 0 && { leftOut }),
    ...(created.length > 0 && { created }),
  };
}

/** Opens s.yaml and the stacks it names: each may need values of the other. */
function openFile(sources: SourceFiles, options: ReadProjectOptions, findings: Findings) {
  const { dir, file: name, root, dotEnv } = sources;
  const { accountId, region } = options;
  const stacks = new Stacks({ dir, accountId, region, findings, file: () => file });
  const output = (resource: Resource, key: string, source: string): Tree => {
    if (resource.component === 'ros') return stacks.output(resource, key, source);
    if (resource.component === 'fc3')
      return functionOutput(resource, key, source, { file, accountId });
    throw unsupported(
      source,
      `the output "${key}" of "${resource.key}" is known only in the cloud`,
      'write the value itself',
    );
  };
  const file: ServerlessFile = new ServerlessFile(root, {
    file: name,
    dir,
    env: { ...(options.dotEnv !== false && dotEnv), ...(options.env ?? process.env) },
    accountId,
    environment:
      options.environment === undefined
        ? undefined
        : readEnvironment(dir, environmentFile(sources), options.environment),
    findings,
    output,
  });
  return { file, stacks };
}

/**
 * Returns the file of environments: `env: ./environments.yaml` at the top of s.yaml names another
 * than env.yaml.
 */
function environmentFile({ root }: SourceFiles): string {
  const named = root.entries.get('env');
  return named?.kind === 'scalar' && typeof named.value === 'string' ? named.value : 'env.yaml';
}

function byKind(file: ServerlessFile, findings: Findings) {
  const kinds = file.resources.map((resource) => ({
    resource,
    kind: kindOf(resource, file, findings.warn),
  }));
  const of = (wanted: ReturnType<typeof kindOf>) =>
    kinds.filter(({ kind }) => kind === wanted).map(({ resource }) => resource);
  const functions = of('function');
  const stacks = of('stack');
  const older = of('function of an older component');
  if (functions.length + stacks.length + older.length === 0) throw nothingToRun(file, findings);
  return { functions, stacks, older };
}

/** Returns the error that lists what there is instead of a function. */
function nothingToRun(file: ServerlessFile, { leftOut }: Findings): LocalCloudError {
  const [other] = file.resources;
  if (other)
    return invalidProject(
      other.source,
      `there is no function and no stack in it: "${other.key}" is of component ${other.componentAsWritten}`,
      'add a resource with component fc3',
    );
  const [first] = leftOut;
  if (first) return invalidProject(first.source, first.reason, first.remedy);
  return invalidProject(
    file.file,
    'there is no function and no stack in it',
    'add a resource with component fc3',
  );
}
