import type { Command } from 'commander';
import type { Session } from '../command-line/io.ts';
import { accountOptions, type DeployOptions } from '../deploy/options.ts';

/** Defines `info`: reports on what is deployed. */
export function defineInfo(command: Command, session: Session): void {
  accountOptions(command)
    .summary('addresses and settings of what is deployed')
    .description('Shows addresses and settings of the deployed functions.')
    .argument('[functions...]', 'functions of s.yaml; all of them without names')
    .action(async (names: string[], options: DeployOptions) => {
      const { showInfo } = await import('../deploy/info.ts');
      session.exitCode = await showInfo(names, options, session);
    });
}
