import type { FunctionSpec } from '../project/types.ts';
import { pythonBootstrapFile } from './bootstrap-file.ts';
import type { Command } from './function-process.ts';

/**
 * Returns Node's command with the arguments that Function Compute uses; the heap may take 90% of
 * the memory.
 */
export function nodeCommand(
  fn: FunctionSpec,
  { bootstrap, socketPath, inspect }: NodeOptions,
): Command {
  const heapMb = Math.floor(fn.memorySize * 0.9);
  return [
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    '--max-http-header-size=16384',
    '--expose-gc',
    ...(inspect ? [`--inspect${inspect.waits ? '-brk' : ''}=127.0.0.1:${inspect.port}`] : []),
    bootstrap,
    socketPath,
  ];
}

interface NodeOptions {
  /** The compiled bootstrap. */
  bootstrap: string;
  socketPath: string;
  /** Port for a debugger, and whether nothing runs until one is attached. */
  inspect: { port: number; waits?: boolean } | undefined;
}

/**
 * Returns Python's command. Packages of the developer's own user are excluded, like the developer's
 * environment.
 */
export function pythonCommand(fn: FunctionSpec, python: string, socketPath: string): Command {
  return [python, '-s', pythonBootstrapFile(), socketPath, fn.runtime];
}
