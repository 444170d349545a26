import { UsageError } from '../command-line/usage-error.ts';
import type { Preview } from '../deploy-tool/preview.ts';
import { withDeployedFile } from './deployed-file.ts';

export interface OnDeployedOptions {
  preview: Preview;
  /** The alias of the key pair. */
  access: string;
  /** Names of functions; without any all of them, and `remove` takes the stack away too. */
  names: readonly string[];
  /** More for the deploy tool: `-y`. */
  args: readonly string[];
  /** Runs the deploy tool with these arguments and resolves with its exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Runs the deploy tool's `info` or `remove` on what is deployed; the exit code of the first that fails, else 0. Throws UsageError for a name that is no function. */
export async function onDeployed(
  command: 'info' | 'remove',
  { preview, access, names, args, run }: OnDeployedOptions,
): Promise<number> {
  const functions = Object.fromEntries(
    Object.entries(preview.resources).filter(([, { component }]) => component === 'fc3'),
  );
  const wrong = names.find((name) => !Object.hasOwn(functions, name));
  if (wrong !== undefined)
    throw new UsageError(
      `"${wrong}" is no function; there are ${Object.keys(functions).join(', ')}`,
    );

  // The component of the stack has no info.
  const resources = command === 'info' ? functions : preview.resources;
  const calls = names.length > 0 ? names.map((name) => [name, command]) : [[command]];
  return withDeployedFile({ resources }, access, async (file) => {
    for (const call of calls) {
      const code = await run([...call, '-t', file, ...args]);
      if (code !== 0) return code;
    }
    return 0;
  });
}
