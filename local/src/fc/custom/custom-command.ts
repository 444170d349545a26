import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { LocalCloudError } from '../../errors.ts';
import type { FunctionSpec } from '../../project/types.ts';
import type { Command } from '../function-process.ts';

/** Of the function's server, unless customRuntimeConfig names another. */
export const DEFAULT_PORT = 9000;

/** What starts the function's program, its code being in `dir`: command and arguments one after the other, /code being that folder. */
export function customCommand({ custom }: FunctionSpec, dir: string): Command {
  const command = custom?.command?.length ? custom.command : ['./bootstrap'];
  const [program = '', ...args] = [...command, ...(custom?.args ?? [])].map((part) =>
    part === '/code' || part.startsWith('/code/') ? join(dir, part.slice('/code'.length)) : part,
  );
  const own = program.includes('/') && !isAbsolute(program);
  return [own ? resolve(dir, program) : program, ...args];
}

/** Where programs are looked for: where Node.js is and where the system has its own, then where this machine's user has others, as Function Compute has languages of its own there. */
export function programPath(own: string): string {
  const { PATH = '' } = process.env;
  return [...new Set([...own.split(delimiter), ...PATH.split(delimiter)])].join(delimiter);
}

/** Throws a LocalCloudError when the function's program is not there or cannot be run. */
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
