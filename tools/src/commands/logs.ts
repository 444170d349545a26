import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { wholeNumber } from '../command-line/values.ts';
import { environmentOption } from '../deploy/options.ts';
import type { LogsOptions } from '../logs/show-logs.ts';

/** Defines `logs`: shows what a deployed function has logged. */
export function defineLogs(command: Command, session: Session): void {
  environmentOption(command)
    .summary('show what a deployed function has logged')
    .description(
      `Shows the log lines of a deployed function, the oldest first, at most 100: of one request, by the id
that x-fc-request-id of an answer names, or of one trace. Needs log:GetLogStoreLogs.`,
    )
    .argument('<function>', 'a function of s.yaml')
    .option('-a, --access <alias>', 'another credential than s.yaml or env.yaml names')
    .option('--request <id>', 'only lines with this request id')
    .option('--trace <id>', 'only lines with this trace id')
    .addOption(wholeNumber('--minutes <n>', 'how far to look back', [1, 10_080]).default(60))
    .action(async (name: string, options: LogsOptions) => {
      for (const option of ['request', 'trace'] as const)
        if (options[option] !== undefined && !/^[\w-]+$/.test(options[option]))
          throw new UsageError(`--${option} is "${options[option]}", which is not an id`);
      const { logsOf } = await import('../logs/show-logs.ts');
      const { lines, isCut } = await logsOf(name, options, session);
      for (const line of lines) print(session, line);
      if (lines.length === 0)
        complain(
          session,
          `nothing in the last ${options.minutes} minutes; lines take a minute to come`,
        );
      if (isCut)
        complain(session, `these are the first ${lines.length}; name a request, or fewer minutes`);
    });
}
