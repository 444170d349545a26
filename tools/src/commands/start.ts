import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** Node's own default, which debuggers try first. */
const INSPECT_PORT = 9229;

interface Options {
  inspect?: string;
  inspectBrk?: string;
  signed?: boolean;
}

/** Defines `start`: runs the project on this machine, and redeploys what changes. */
export function defineStart(command: Command, session: Session): void {
  command
    .summary('run the project in a local cloud and redeploy what changes')
    .description(
      `Builds the functions, starts the local cloud, runs the demo where the project has the sample
functions, keeps the cloud up, and redeploys what changes: a function whose source does, and what
s.yaml and its template say. Messages and objects are kept in .local. Ctrl-C stops it. Other ports, keys and folders: fc-local start.`,
    )
    .option(
      '--inspect <function>',
      `one instance of it takes a debugger on port ${INSPECT_PORT}; it is never frozen and has no time limit`,
    )
    .option('--inspect-brk <function>', 'the same, and it runs nothing until one is attached')
    .option('--signed', 'HTTP triggers want a signature, as deployed; curl alone is refused')
    .action(async ({ inspect, inspectBrk, signed = false }: Options) => {
      if (inspect !== undefined && inspectBrk !== undefined)
        throw new UsageError('--inspect and --inspect-brk name a function each; give one of them');
      print(session, `Building the functions of ${session.project}`);
      const { startProject } = await import('../start/start-project.ts');
      const functionName = inspect ?? inspectBrk;
      const debugged = functionName !== undefined && {
        functionName,
        port: INSPECT_PORT,
        ...(inspectBrk !== undefined && { waits: true }),
      };
      const close = await startProject(session, { inspect: debugged || undefined, signed });
      await session.untilStopped(close);
    });
}
