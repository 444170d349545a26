import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { LocalCloudError } from '../../errors.ts';
import type { FunctionSpec } from '../../project/types.ts';
import type { Command } from '../function-process.ts';

/** Port of the function's server, unless customRuntimeConfig names another. */
export const DEFAULT_PORT = 9000;

/**
 * Returns the command that starts the function's program, whose code is in `dir`: command and
 * arguments in order, with /code replaced by that folder.
 */
export function customCommand({ custom }: FunctionSpec, dir: string): Command {
  const command = custom?.command?.length ? custom.command : ['./bootstrap'];
  const [program = '', ...args] = [...command, ...(custom?.args ?? [])].map((part) =>
    part === '/code' || part.startsWith('/code/') ? join(dir, part.slice('/code'.length)) : part,
  );
  const own = program.includes('/') && !isAbsolute(program);
  return [own ? resolve(dir, program) : program, ...args];
}

/**
 * Returns the PATH for programs: Node.js's folder and the system's, then the other folders of this
 * machine's user, as Function Compute has languages in folders of its own.
 */
export function programPath(own: string): string {
  const { PATH = '' } = process.env;
  return [...new Set([...own.split(delimiter), ...PATH.split(delimiter)])].join(delimiter);
}

/** Throws a LocalCloudError when the function's program does not exist or cannot be executed. */
export function checkCommand(fn: FunctionSpec, dir: string, path: string): void {
  const [program] = customCommand(fn, dir);
  const name = program.startsWith(dir) ? join(fn.codeDir, program.slice(dir.length)) : program;
  const found = program.includes('/')
    ? existsSync(program) && program
    : path
        .split(delimiter)
        .map((folder) => join(folder, program))
        .find(canRun);
  if (found && (process.platform === 'win32' || canRun(found))) return;
  const what = `Function "${fn.name}" (${fn.source})`;
  if (found)
    throw new LocalCloudError('NotExecutable', `${what}: ${name} cannot be run`, 'chmod +x it');
  if (!program.startsWith(dir))
    throw new LocalCloudError(
      'RuntimeNotHere',
      `${what} is started with ${name}, which is not on this machine`,
      'install it, or name another under customRuntimeConfig.command',
    );
  throw new LocalCloudError(
    'CodeNotFound',
    `${what} has no code: ${name} is missing`,
    fn.buildCommands
      ? `build it as s.yaml does before a deployment: ${fn.buildCommands.join(' && ')}`
      : 'put the program there, or name it under customRuntimeConfig.command',
  );
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
