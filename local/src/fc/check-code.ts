import { join } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec } from '../project/types.ts';
import { checkCommand } from './custom/custom-command.ts';
import { systemPath } from './environment.ts';
import { EXTENSIONS, handlerFile, splitHandler } from './instance/load.ts';

/**
 * Throws a LocalCloudError when a file that a handler or a command names is missing from the code,
 * placed in `dir`. The contents of s.yaml are checked where it is read.
 */
export function checkCode(fn: FunctionSpec, dir: string): void {
  if (fn.runtimeKind === 'custom') checkCommand(fn, dir, systemPath(fn));
  else checkHandlers(fn, dir);
}

function checkHandlers(fn: FunctionSpec, dir: string): void {
  const extensions = fn.runtimeKind === 'python' ? ['.py'] : EXTENSIONS;
  for (const handler of [fn.handler, fn.initializer?.handler, fn.preStop?.handler]) {
    if (!handler || handlerFile(dir, handler, extensions)) continue;
    const names = extensions.length > 1 ? `{${extensions.join()}}` : extensions.join();
    throw missing(fn, join(fn.codeDir, `${splitHandler(handler).file}${names}`));
  }
}

function missing(fn: FunctionSpec, path: string): LocalCloudError {
  return new LocalCloudError(
    'CodeNotFound',
    `Function "${fn.name}" (${fn.source}) has no code: ${path} is missing`,
    fn.buildCommands
      ? `build it as s.yaml does before a deployment: ${fn.buildCommands.join(' && ')}`
      : 'put the built code there, or name its folder under code',
  );
}
