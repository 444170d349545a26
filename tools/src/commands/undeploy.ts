import type { Command } from 'commander';
import type { Session } from '../command-line/io.ts';
import { accountOptions, type DeployOptions } from '../deploy/options.ts';

/** Takes away what is deployed. */
export function defineUndeploy(command: Command, session: Session): void {
  accountOptions(command)
    .summary('take functions, or everything, away')
    .description('Takes deployed functions away; without names all of them, then the stack.')
    .argument('[functions...]', 'functions of s.yaml')
    .action(async (names: string[], options: DeployOptions) => {
      const { undeployOrInfo } = await import('../deploy/undeploy-or-info.ts');
      session.exitCode = await undeployOrInfo('remove', names, options, session);
    });
}
