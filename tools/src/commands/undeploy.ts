import type { Command } from 'commander';
import type { Session } from '../command-line/io.ts';
import { accountOptions } from '../deploy/options.ts';
import type { UndeployOptions } from '../undeploy/undeploy.ts';

/** Defines `undeploy`: removes what is deployed. */
export function defineUndeploy(command: Command, session: Session): void {
  accountOptions(command)
    .summary('take functions, or everything, away')
    .description(
      `Takes deployed functions away; without names all of them, then the stack. It looks into the stack's
bucket first, has the deploy tool, s, remove the functions, asks FC whether they are gone, and only
then has ROS delete the stack, and watches it to its end.`,
    )
    .argument('[functions...]', 'functions of s.yaml')
    .option('--empty-bucket', 'delete what is in the bucket, for good; asks in a terminal')
    .addHelpText('after', '\nExit code: 0 when all of it is gone, else 1 with what is left.')
    .action(async (names: string[], options: UndeployOptions) => {
      const [{ undeploy }, { confirm }] = await Promise.all([
        import('../undeploy/undeploy.ts'),
        import('../deploy/confirm.ts'),
      ]);
      await undeploy(names, options, session, { confirm });
    });
}
