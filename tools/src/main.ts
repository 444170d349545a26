import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { DefineCommand } from './command-line/define.ts';
import { explain } from './command-line/explain.ts';
import { complain, type Io, processIo, type Session } from './command-line/io.ts';
import { UsageError } from './command-line/usage-error.ts';
import { defineAdd } from './commands/add.ts';
import { defineBuild } from './commands/build.ts';
import { defineCall } from './commands/call.ts';
import { defineCheck } from './commands/check.ts';
import { defineCi } from './commands/ci.ts';
import { defineCreate } from './commands/create.ts';
import { defineCredentials } from './commands/credentials.ts';
import { defineDemo } from './commands/demo.ts';
import { defineDeploy } from './commands/deploy.ts';
import { defineInfo } from './commands/info.ts';
import { defineLogs } from './commands/logs.ts';
import { definePackTemplate } from './commands/pack-template.ts';
import { definePreview } from './commands/preview.ts';
import { defineQuarantine } from './commands/quarantine.ts';
import { defineRemove } from './commands/remove.ts';
import { defineSmoke } from './commands/smoke.ts';
import { defineStart } from './commands/start.ts';
import { defineUndeploy } from './commands/undeploy.ts';

/** Maximum characters of a line of help. */
const HELP_WIDTH = 100;

/** The commands, in the order in which the help lists them. */
const COMMANDS: Record<string, DefineCommand> = {
  create: defineCreate,
  start: defineStart,
  demo: defineDemo,
  build: defineBuild,
  check: defineCheck,
  add: defineAdd,
  remove: defineRemove,
  preview: definePreview,
  deploy: defineDeploy,
  info: defineInfo,
  undeploy: defineUndeploy,
  ci: defineCi,
  smoke: defineSmoke,
  call: defineCall,
  logs: defineLogs,
  credentials: defineCredentials,
  quarantine: defineQuarantine,
  'pack-template': definePackTemplate,
};

/**
 * Runs fc-templates with these arguments and resolves to its exit code: 0 for success, 1 for a failure,
 * with one line on standard error that describes it (a stack for a bug), 2 for wrong usage. Never rejects.
 * `io` is the process's own unless a test passes another.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const session: Session = { ...io, project: io.cwd, exitCode: 0 };
  try {
    await programOf(session).parseAsync([...argv], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    const wrongUsage = usageErrorOf(error);
    if (wrongUsage === undefined) return 0;
    complain(session, `error: ${await explain(wrongUsage)}`);
    return wrongUsage instanceof UsageError ? 2 : 1;
  }
}

function programOf(session: Session): Command {
  const program = new Command('fc-templates')
    .description('The command of a Function Compute project.')
    .version(version(), '-V, --version', 'print the version and exit')
    .helpOption('-h, --help', 'print this and exit')
    .helpCommand(false)
    .option('--project <dir>', 'folder of s.yaml', '.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      getOutHelpWidth: () => HELP_WIDTH,
      writeOut: (text) => void session.stdout.write(text),
      // What it would report is thrown, and printed in one line.
      writeErr: () => {},
      outputError: () => {},
    })
    .exitOverride()
    // Too many arguments are refused below, by name.
    .allowExcessArguments()
    .hook('preAction', (_, command) => {
      refuseExcess(command);
      session.project = resolve(session.cwd, program.opts<{ project: string }>().project);
    });
  for (const [name, define] of Object.entries(COMMANDS)) define(program.command(name), session);
  return program;
}

function refuseExcess(command: Command): void {
  const { args, registeredArguments: known } = command;
  if (known.at(-1)?.variadic || args.length <= known.length) return;
  const wanted = known.map((one) => one.name()).join(' and ') || 'no arguments';
  throw new UsageError(
    `"${args[known.length]}" is one too many; ${command.name()} takes ${wanted}`,
  );
}

/** Returns the error to report; undefined for what only ends the command early, as --help does. */
function usageErrorOf(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.exitCode === 0) return undefined;
  if (error.code === 'commander.help')
    return new UsageError('a sub-command is missing; --help lists what there is');
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new UsageError(`${message}; --help lists what there is`);
}

function version(): string {
  const own: { version: string } = createRequire(import.meta.url)('fc-templates/package.json');
  return own.version;
}
