import { runChild } from '../child/run-child.ts';
import { complain, type Io } from '../command-line/io.ts';
import { checkToolHome } from './home.ts';
import { locateDeployTool } from './locate.ts';

/** The result of a run of the deploy tool. */
export interface Ran {
  /** Null when a signal ended it. */
  code: number | null;
  /** Whether its time limit ended it. */
  late: boolean;
  stdout: string;
  stderr: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Maximum milliseconds of a command of the deploy tool. */
export const LIMITS = {
  preview: 3 * MINUTE,
  info: 3 * MINUTE,
  init: 3 * MINUTE,
  deploy: 30 * MINUTE,
  remove: 15 * MINUTE,
} as const;

export type ToolCommand = keyof typeof LIMITS;

export interface ToolOptions {
  env: NodeJS.ProcessEnv;
  /** Milliseconds; default the command's entry in LIMITS. */
  limitMs?: number;
}

/**
 * Runs the deploy tool in the project and keeps what it prints. Throws LocalCloudError when it is not
 * installed, or cannot write to its own folder.
 */
export async function runDeployTool(
  root: string,
  command: ToolCommand,
  args: readonly string[],
  { env, limitMs = LIMITS[command] }: ToolOptions,
): Promise<Ran> {
  const ran = { stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      ran[stream] += text;
    },
  });
  checkToolHome(env);
  const to = { stdout: keep('stdout'), stderr: keep('stderr') };
  const end = await runChild([locateDeployTool(root), ...args], { cwd: root, env, limitMs, to });
  return { ...ran, ...end };
}

/**
 * Runs the deploy tool in the project, passes its lines on, and reports long silence. Resolves to its exit
 * code, or 1 if it was ended. If it may ask (`asks`) it uses this process's terminal. Throws as
 * runDeployTool does.
 */
export async function showDeployTool(
  root: string,
  command: ToolCommand,
  args: readonly string[],
  {
    limitMs = LIMITS[command],
    asks = false,
    ...io
  }: Pick<Io, 'env' | 'stdout' | 'stderr'> & { limitMs?: number; asks?: boolean },
): Promise<number> {
  checkToolHome(io.env);
  const { code, late } = await runChild([locateDeployTool(root), ...args], {
    cwd: root,
    env: io.env,
    limitMs,
    to: asks ? 'terminal' : io,
    onSilence: (seconds) =>
      complain(
        io,
        `s has said nothing for ${seconds} seconds; it is ended after ${limitMs / MINUTE} minutes in all`,
      ),
  });
  if (late)
    complain(io, `s ${args.slice(0, 2).join(' ')} was ended after ${limitMs / MINUTE} minutes`);
  return code ?? 1;
}
