import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { choice } from '../command-line/values.ts';
import { SHELLS, type Shell, SYSTEMS, type System } from '../credentials/shells.ts';

const SERVICES = ['smq', 'oss', 'mpaas'] as const;

interface SetupOptions {
  service: (typeof SERVICES)[number];
  shell: Shell;
  system?: System;
  temporary?: boolean;
}

/** Defines `credentials`: says which credential is used here, and how to set one. */
export function defineCredentials(command: Command, session: Session): void {
  command
    .summary('say which credential is used here, and how to set one')
    .description('Says which credential fc-kit uses on this machine, and how to set one.');
  command
    .command('explain')
    .description('Says which credential is used here, and why each other source is not.')
    .addOption(serviceOption())
    .addHelpText('after', '\nExit code: 0 when there is a credential, else 1.')
    .action(async ({ service }: Pick<SetupOptions, 'service'>) => {
      const [{ explain }, { formatExplanation }] = await Promise.all([
        import('fc-kit/credentials'),
        import('../credentials/explanation.ts'),
      ]);
      const explanation = explain(service, { env: session.env });
      print(session, formatExplanation(explanation));
      if (!explanation.method) session.exitCode = 1;
    });
  command
    .command('setup')
    .description('Prints the lines that set a credential in a shell, and those that verify it.')
    .addOption(serviceOption())
    .addOption(choice('--shell <shell>', 'whose lines', SHELLS).default('bash'))
    .addOption(choice('--system <system>', 'whose files; default the one this runs on', SYSTEMS))
    .option('--temporary', 'a pair with a security token')
    .action(async ({ service, shell, system, temporary = false }: SetupOptions) => {
      const { setupLines, systemOf } = await import('../credentials/setup.ts');
      const lines = setupLines(service, shell, temporary, system ?? systemOf(process.platform));
      if (lines === undefined)
        throw new UsageError(
          'mPaaS accepts no temporary pair: its pair only serves to assume RAM_ROLE_ARN, whose credential is temporary; leave out --temporary',
        );
      print(session, lines);
    });
}

function serviceOption() {
  return choice('--service <service>', 'whose credential', SERVICES).makeOptionMandatory();
}
