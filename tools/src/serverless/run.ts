import { UsageError } from '../cli.ts';
import type { Preview } from '../preview.ts';
import { showS } from '../s.ts';
import { withBare } from './bare.ts';

export interface DeployedOptions {
  preview: Preview;
  /** The alias of the key pair. */
  access: string;
  /** Names of functions; without any all of them, and `remove` takes the stack away too. */
  names: readonly string[];
  /** More for the deploy tool: `-y`. */
  args: readonly string[];
}

/** Runs the deploy tool's `info` or `remove` on what is deployed; the exit code of the first that fails, else 0. Throws UsageError for a name that is no function. */
export async function onDeployed(
  root: string,
  command: 'info' | 'remove',
  { preview, access, names, args }: DeployedOptions,
  run = showS,
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
  return withBare({ resources }, access, async (file) => {
    for (const call of calls) {
      const code = await run(root, [...call, '-t', file, ...args]);
      if (code !== 0) return code;
    }
    return 0;
  });
}
