import { accessSync, constants } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec } from '../project/types.ts';
import { EXTENSIONS, handlerFile, splitHandler } from './instance/load.ts';

/** Throws a LocalCloudError when a file that a handler or a command names is not in the code, put in `dir`. What s.yaml says is checked where it is read. */
export function checkCode(fn: FunctionSpec, dir: string): void {
  if (fn.runtimeKind === 'custom') checkCommand(fn, dir);
  else checkHandlers(fn, dir);
}

function checkHandlers(fn: FunctionSpec, dir: string): void {
  const extensions = fn.runtimeKind === 'python' ? ['.py'] : EXTENSIONS;
  for (const handler of [fn.handler, fn.initializer?.handler, fn.preStop?.handler]) {
    if (handler === undefined || handlerFile(dir, handler, extensions)) continue;
    const names = extensions.length > 1 ? `{${extensions.join()}}` : extensions.join();
    throw missing(fn, join(fn.codeDir, `${splitHandler(handler).file}${names}`));
  }
}

/** A program of the code's own has to be there and to be one that can be run. */
function checkCommand(fn: FunctionSpec, dir: string): void {
  const { command = ['./bootstrap'] } = fn.custom ?? {};
  const [program = ''] = command;
  const path = program.replace(/^\/code\//, './');
  if (!path.startsWith('./')) return;
  try {
    accessSync(resolve(dir, path), constants.F_OK);
  } catch {
    throw missing(fn, join(fn.codeDir, path));
  }
  if (process.platform === 'win32' || runs(resolve(dir, path))) return;
  throw new LocalCloudError(
    'NotExecutable',
    `Function "${fn.name}" (${fn.source}): ${join(fn.codeDir, path)} cannot be run`,
    extname(path) === '' ? 'chmod +x it' : 'chmod +x it, or name its interpreter under command',
  );
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
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
