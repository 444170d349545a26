import { readAsyncInvoke } from './async-invoke.ts';
import { checkKeys } from './check-keys.ts';
import { readCodePath } from './code.ts';
import { readCustomRuntime } from './custom-runtime.ts';
import { readEnvironmentVariables } from './environment-variables.ts';
import { Fields } from './fields.ts';
import type { Findings } from './findings.ts';
import { readLifecycle } from './lifecycle.ts';
import { present } from './present.ts';
import { FUNCTION_PROPS } from './props-table.ts';
import { roleName } from './role-name.ts';
import { readRuntime } from './runtimes.ts';
import { readTriggers } from './triggers.ts';
import type { BuildStep, FunctionSpec, RuntimeKind } from './types.ts';
import type { Mapping, Tree } from './yaml-tree.ts';

const FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const HANDLER = /^[\w./-]+\.\w+$/;
/** Handler of a custom runtime for which s.yaml names none: the runtime's own program decides. */
const ANY_HANDLER = 'index.handler';
const DEFAULT_MEMORY_MB = 512;
const DEFAULT_TIMEOUT_SECONDS = 3;
const MAX_CONCURRENCY = 200;

export interface FunctionResource {
  key: string;
  source: string;
  /** Filled in, except for the triggers and the properties that are not read. */
  props: Mapping;
  buildSteps: BuildStep[];
  /** Fills in one trigger. */
  fill(tree: Tree): Tree;
}

/**
 * Reads one function of s.yaml. Throws ProjectError when it cannot run here; triggers that cannot
 * are left out separately.
 */
export function readFunction(
  { key, source, props, buildSteps, fill }: FunctionResource,
  dir: string,
  findings: Findings,
): FunctionSpec {
  const { warn } = findings;
  const fields = new Fields(props, `Function "${key}"`, warn);
  refuseOlderForm(fields);
  const { runtime, kind } = readRuntime(fields);
  checkKeys(fields, FUNCTION_PROPS, warn);
  fields.requireString('region');
  const custom = readCustomRuntime(fields, kind, warn);
  return {
    name: readName(fields),
    resource: key,
    codeDir: readCodePath(fields, dir),
    handler: readHandler(fields, kind),
    runtime,
    ...(kind !== 'node' && { runtimeKind: kind }),
    ...present({
      custom,
      instanceConcurrency: readConcurrency(fields, kind, findings),
    }),
    ...(buildSteps.length > 0 && {
      buildSteps,
      buildCommands: buildSteps.map(({ run }) => run),
    }),
    memorySize:
      fields.integer('memorySize', { min: 128, max: 32_768, multipleOf: 64 }) ?? DEFAULT_MEMORY_MB,
    timeout: fields.integer('timeout', { min: 1, max: 86_400 }) ?? DEFAULT_TIMEOUT_SECONDS,
    environmentVariables: readEnvironmentVariables(fields, warn),
    ...present({
      role: readRole(fields),
      ...readLifecycle(fields, kind, warn),
      asyncInvoke: readAsyncInvoke(fields, warn),
    }),
    triggers: readTriggers(fields, { resource: key, fill, findings }),
    source,
  };
}

/**
 * Throws for the first versions of the component, which had the function's properties one level
 * down.
 */
function refuseOlderForm(fields: Fields): void {
  if (!fields.has('function') || fields.has('functionName')) return;
  throw fields.fault(
    'function',
    'is a form that fc3 reads no more',
    'write what is under function directly under props',
  );
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

function readHandler(fields: Fields, kind: RuntimeKind): string {
  if (kind === 'custom') return fields.string('handler') ?? ANY_HANDLER;
  const handler = fields.requireString('handler');
  if (HANDLER.test(handler)) return handler;
  throw fields.fault('handler', `is "${handler}"`, 'write <file>.<export>, as in index.handler');
}

/**
 * Reads the concurrency, more than one only for custom runtimes: the built-in ones take one request
 * at a time.
 */
function readConcurrency(
  fields: Fields,
  kind: RuntimeKind,
  { warn }: Findings,
): number | undefined {
  const concurrency = fields.integer('instanceConcurrency', { min: 1, max: MAX_CONCURRENCY });
  if (concurrency === undefined || kind === 'custom') return concurrency;
  if (concurrency > 1)
    warn(
      fields.get('instanceConcurrency')?.source ?? fields.source,
      `${fields.owner}: instanceConcurrency has no effect on a runtime that is built in, which takes one request at a time`,
    );
  return undefined;
}

function readRole(fields: Fields): string | undefined {
  const tree = fields.get('role');
  if (tree?.kind === 'scalar' && tree.value === '') return undefined;
  const role = fields.string('role');
  return role === undefined ? undefined : roleName(fields, 'role', role);
}
