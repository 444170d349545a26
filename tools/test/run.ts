import type { Patience } from '#src/command-line/io';
import { main } from '#src/main';
import { ROOT } from './repository.ts';

/** How a command ended, and what it printed. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Runs while the command does, with what it has printed; the command then ends as after Ctrl-C. */
  meanwhile?(stdout: string): Promise<void>;
}

/** Time that passes at once, and only while it is waited for. */
export function drivenPatience(): Patience {
  let now = Date.UTC(2026, 0, 1);
  return {
    now: () => now,
    async wait(ms) {
      now += ms;
    },
  };
}

/**
 * Runs fc-templates in this process, in the repository unless another folder is given, with nothing of this
 * process's environment but the path.
 */
export async function run(
  args: readonly string[],
  { cwd = ROOT, env = {}, meanwhile }: RunOptions = {},
): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const output = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      printed[stream] += text;
    },
  });
  const code = await main(args, {
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd,
    env: { PATH: process.env.PATH, ...env },
    interactive: false,
    patience: drivenPatience(),
    async untilStopped(close) {
      await meanwhile?.(printed.stdout);
      await close();
    },
  });
  return { code, ...printed };
}
