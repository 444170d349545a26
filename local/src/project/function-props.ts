import { resolve } from 'node:path';
import { readAsyncInvoke } from './async-invoke.ts';
import { Fields } from './fields.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import { present } from './present.ts';
import { roleName } from './role-name.ts';
import { readTriggers } from './triggers.ts';
import type { FunctionSpec } from './types.ts';
import type { Tree } from './yaml-tree.ts';

/** Read here. */
const READ = [
  'region',
  'functionName',
  'runtime',
  'code',
  'handler',
  'memorySize',
  'timeout',
  'environmentVariables',
  'role',
  'asyncInvokeConfig',
  'instanceLifecycleConfig',
  'triggers',
];
/** Says nothing that a run on this machine could show. */
const WITHOUT_MEANING = [
  'annotations',
  'cpu',
  'description',
  'diskSize',
  'endpoint',
  'internetAccess',
  'logConfig',
  'resourceGroupId',
  'supplement',
  'tags',
];
/** Changes how the function runs in the cloud, and does nothing here. */
const WITHOUT_EFFECT = [
  'concurrencyConfig',
  'customDNS',
  'customDomain',
  'enableLongLiving',
  'instanceIsolationMode',
  'provisionConfig',
  'scalingConfig',
  'sessionAffinity',
  'sessionAffinityConfig',
  'tracingConfig',
  'vpcBinding',
  'vpcConfig',
];
/** The code could not run without it. */
const UNSUPPORTED = [
  'customContainerConfig',
  'customRuntimeConfig',
  'gpuConfig',
  'instanceConcurrency',
  'layers',
  'nasConfig',
  'ossMountConfig',
];

const FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const HANDLER = /^[\w./-]+\.\w+$/;
const NODE_RUNTIMES = ['nodejs20', 'nodejs18', 'nodejs16', 'nodejs14', 'nodejs12'] as const;
const DEFAULT_MEMORY_MB = 512;
const DEFAULT_TIMEOUT_SECONDS = 3;
const MAX_ENVIRONMENT_BYTES = 4096;

export interface FunctionResource {
  key: string;
  source: string;
  props: Tree;
  buildCommands: string[];
}

/** One function of s.yaml. Unknown keys are refused: the deploy tool would drop them without a word. */
export function readFunction(
  { key, source, props, buildCommands }: FunctionResource,
  dir: string,
  warnings: string[],
): FunctionSpec {
  const fields = new Fields(props, `Function "${key}"`);
  fields.only([...READ, ...WITHOUT_MEANING, ...WITHOUT_EFFECT, ...UNSUPPORTED]);
  for (const name of UNSUPPORTED) {
    const tree = fields.get(name);
    if (tree)
      throw unsupported(
        tree.source,
        `${fields.owner}: ${name} is not known to the local cloud`,
        'take it out, or keep the function in an s.yaml of its own',
      );
  }
  for (const name of WITHOUT_EFFECT) {
    const tree = fields.get(name);
    if (tree) warnings.push(`${tree.source}: ${fields.owner}: ${name} has no effect here`);
  }
  const hooks = fields.map('instanceLifecycleConfig')?.only(['initializer', 'preStop']);
  return {
    name: readName(fields),
    resource: key,
    codeDir: resolve(dir, fields.requireString('code')),
    handler: readHandler(fields),
    runtime: readRuntime(fields),
    memorySize:
      fields.integer('memorySize', { min: 128, max: 32_768, multipleOf: 64 }) ?? DEFAULT_MEMORY_MB,
    timeout: fields.integer('timeout', { min: 1, max: 86_400 }) ?? DEFAULT_TIMEOUT_SECONDS,
    environmentVariables: readEnvironment(fields),
    ...present({
      role: readRole(fields),
      initializer: readHook(hooks, 'initializer', 300),
      preStop: readHook(hooks, 'preStop', 90),
      asyncInvoke: readAsyncInvoke(fields),
    }),
    triggers: readTriggers(fields, warnings),
    ...(buildCommands.length > 0 && { buildCommands }),
    source,
  };
}

function readName(fields: Fields): string {
  const name = fields.requireString('functionName');
  if (FUNCTION_NAME.test(name)) return name;
  throw fields.fault(
    'functionName',
    `is "${name}"`,
    'use letters, digits, _ and -, 64 at most, beginning with a letter or _',
  );
}

function readHandler(fields: Fields): string {
  const handler = fields.requireString('handler');
  if (HANDLER.test(handler)) return handler;
  throw fields.fault('handler', `is "${handler}"`, 'write <file>.<export>, as in index.handler');
}

function readRuntime(fields: Fields): string {
  const name = fields.requireString('runtime');
  if (NODE_RUNTIMES.some((known) => known === name)) return name;
  throw unsupported(
    fields.get('runtime')?.source ?? fields.source,
    `${fields.owner}: runtime "${name}" is not known to the local cloud`,
    `use ${NODE_RUNTIMES[0]}, the newest that FC has built in`,
  );
}

function readHook(
  hooks: Fields | undefined,
  name: string,
  longest: number,
): FunctionSpec['initializer'] {
  const hook = hooks?.map(name)?.only(['handler', 'timeout']);
  if (!hook) return undefined;
  return {
    handler: readHandler(hook),
    timeout: hook.integer('timeout', { min: 1, max: longest }) ?? DEFAULT_TIMEOUT_SECONDS,
  };
}

function readRole(fields: Fields): string | undefined {
  const role = fields.string('role');
  return role === undefined ? undefined : roleName(fields, 'role', role);
}

function readEnvironment(fields: Fields): Record<string, string> {
  const variables = fields.map('environmentVariables');
  const entries = (variables?.keys ?? []).map((name): [string, string] => {
    const tree = variables?.get(name);
    const source = tree?.source ?? fields.source;
    if (!/^[A-Za-z]\w*$/.test(name))
      throw invalidProject(
        source,
        `${fields.owner} has the variable "${name}"`,
        'use letters, digits and _, beginning with a letter',
      );
    if (/^FC_/i.test(name))
      throw invalidProject(
        source,
        `${fields.owner} has the variable ${name}`,
        'choose another name: those that begin with FC_ are reserved for FC',
      );
    if (tree?.kind === 'scalar' && typeof tree.value === 'string') return [name, tree.value];
    throw invalidProject(
      source,
      `${fields.owner}: the variable ${name} is no text`,
      `put its value in quotes: FC takes nothing else`,
    );
  });
  const size = entries.reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size <= MAX_ENVIRONMENT_BYTES) return Object.fromEntries(entries);
  throw fields.fault(
    'environmentVariables',
    `have ${size} bytes, names and values together`,
    `FC takes ${MAX_ENVIRONMENT_BYTES}: keep long values in a file or an object`,
  );
}
