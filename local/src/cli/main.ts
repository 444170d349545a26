import { Command, CommanderError } from 'commander';
import { addEnv } from './commands/env.ts';
import { addEvent } from './commands/event.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addInvoke } from './commands/invoke.ts';
import { addLogs } from './commands/logs.ts';
import { addMap } from './commands/map.ts';
import { addRecord } from './commands/record.ts';
import { addRepair } from './commands/repair.ts';
import { addReplay } from './commands/replay.ts';
import { addStart } from './commands/start.ts';
import { exitCodeOf, explain, UsageError } from './errors.ts';
import { type Io, processIo, writeLine } from './io.ts';
import { version } from './version.ts';

export { processIo } from './io.ts';

const HELP_WIDTH = 100;

/**
 * Runs `fc-local` with the arguments after its name. Resolves to the exit code: 0, 1 when the
 * command failed, 2 for wrong usage. An error is one line on standard error.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const program = createProgram(io);
  try {
    rejectUnknownCommand(program, argv[0]);
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    if (!isHelp) writeLine(io.stderr, `error: ${explain(error)}`);
    return exitCodeOf(error);
  }
}

function createProgram(io: Io): Command {
  const program = new Command('fc-local')
    .description(
      'A local cloud for functions of Alibaba Cloud Function Compute, with SMQ, OSS and STS.',
    )
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      outputError: () => {}, // main reports it, in one line
      getOutHelpWidth: () => HELP_WIDTH,
    })
    .addHelpText('after', '\nfc-local <command> --help lists the options of a command.');
  for (const add of [
    addStart,
    addEnv,
    addInvoke,
    addEvent,
    addLogs,
    addMap,
    addExport,
    addImport,
    addRecord,
    addReplay,
    addRepair,
  ])
    add(program, io);
  return program;
}

/**
 * Throws for an unknown command: anything without a dash would be taken for an argument of the
 * default command.
 */
function rejectUnknownCommand(program: Command, first: string | undefined): void {
  const names = program.commands.map((command) => command.name());
  if (first === undefined || first.startsWith('-') || [...names, 'help'].includes(first)) return;
  throw new UsageError(`"${first}" is no command; give one of ${names.join(', ')}`);
}
