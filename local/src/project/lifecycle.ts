import type { Fields } from './fields.ts';
import type { Warn } from './findings.ts';
import type { FunctionSpec, RuntimeKind } from './types.ts';

const HANDLER = /^[\w./-]+\.\w+$/;
const DEFAULT_TIMEOUT_SECONDS = 3;
const MAX_INITIALIZER_SECONDS = 300;
const MAX_PRE_STOP_SECONDS = 90;

/** Reads what runs when an instance starts and before it stops. */
export function readLifecycle(
  fields: Fields,
  kind: RuntimeKind,
  warn: Warn,
): Pick<FunctionSpec, 'initializer' | 'preStop'> {
  const hooks = fields.map('instanceLifecycleConfig');
  const initializer = hooks?.map('initializer');
  const preStop = hooks?.map('preStop');
  return {
    ...(initializer && readInitializer(initializer, kind, warn)),
    ...(preStop && readPreStop(preStop, kind)),
  };
}

/**
 * Reads a handler or a command: the struct LifecycleHook of the API says that both are an error,
 * the page on lifecycle hooks that only GPU functions can have commands.
 */
function readInitializer(
  hook: Fields,
  kind: RuntimeKind,
  warn: Warn,
): Pick<FunctionSpec, 'initializer'> {
  const timeout = timeoutOf(hook, MAX_INITIALIZER_SECONDS);
  const command = hook.strings('command');
  const other = handlerOf(hook, kind, timeout, 'initializer');
  if (command.length === 0) return other;
  if (other.initializer)
    throw hook.fault(
      'command',
      'is given besides handler',
      'FC takes one of the two: leave one out',
    );
  const say = (what: string) =>
    warn(hook.get('command')?.source ?? hook.source, `${hook.owner}: command ${what}`);
  if (kind === 'custom') {
    say('runs here, and is documented for GPU functions only');
    return { initializer: { handler: '', timeout, command } };
  }
  say('has no effect on a runtime that is built in: it is documented for GPU functions only');
  return {};
}

function readPreStop(hook: Fields, kind: RuntimeKind): Pick<FunctionSpec, 'preStop'> {
  return handlerOf(hook, kind, timeoutOf(hook, MAX_PRE_STOP_SECONDS), 'preStop');
}

/** Returns the handler; an empty one is none, as the console writes it. */
function handlerOf<Name extends 'initializer' | 'preStop'>(
  hook: Fields,
  kind: RuntimeKind,
  timeout: number,
  name: Name,
): { [Key in Name]?: { handler: string; timeout: number } } {
  const tree = hook.get('handler');
  const empty = tree?.kind === 'scalar' && tree.value === '';
  const commandOnly = !tree && hook.has('command');
  if (empty || commandOnly) return {};
  const handler = hook.requireString('handler');
  if (kind !== 'custom' && !HANDLER.test(handler))
    throw hook.fault('handler', `is "${handler}"`, 'write <file>.<export>, as in index.handler');
  return { [name]: { handler, timeout } } as {
    [Key in Name]?: { handler: string; timeout: number };
  };
}

function timeoutOf(hook: Fields, longest: number): number {
  return hook.integer('timeout', { min: 1, max: longest }) ?? DEFAULT_TIMEOUT_SECONDS;
}
