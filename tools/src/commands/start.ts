import type { Command } from 'commander';
import type { Session } from '../command-line/io.ts';

/** Node's own default, which debuggers look at first. */
const INSPECT_PORT = 9229;

interface Options {
  inspect?: string;
  signed?: boolean;
}

/** Keeps the project up on this machine, and redeploys what changes. */
export function defineStart(command: Command, session: Session): void {
  command
    .summary('run the project in a local cloud and redeploy what changes')
    .description(
      `Builds the functions, starts the local cloud, runs the demo where the project has the sample
functions, keeps the cloud up, and redeploys a function when its source changes. Messages and
objects are kept in .local. Ctrl-C stops it. Other ports, keys and folders: fc-local start.`,
    )
    .option(
      '--inspect <function>',
      `one instance of it waits for a debugger on port ${INSPECT_PORT}; it is never frozen and has no time limit`,
    )
    .option('--signed', 'HTTP triggers want a signature, as deployed; curl alone is refused')
    .action(async ({ inspect, signed = false }: Options) => {
      const { startProject } = await import('../start/start-project.ts');
      const debugged = inspect && { functionName: inspect, port: INSPECT_PORT };
      const close = await startProject(session, { inspect: debugged || undefined, signed });
      await session.untilStopped(close);
    });
}
