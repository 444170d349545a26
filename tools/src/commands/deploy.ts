import type { Command } from 'commander';
import { complain, type Session } from '../command-line/io.ts';
import type { Deployment } from '../deploy/open.ts';
import { accountOptions, assumesYes, type DeployOptions } from '../deploy/options.ts';

interface Options extends DeployOptions {
  dryRun?: boolean;
}

/** Defines `deploy`: deploys the stack and the functions. */
export function defineDeploy(command: Command, session: Session): void {
  accountOptions(command)
    .summary('create or update the stack and the functions')
    .description(
      `Looks at environment, names, region, credential and bucket, creates or updates the stack, builds the
functions, and has the deploy tool, s, create or update them; then asks Function Compute whether they
are as declared. With names: these functions alone, with the outputs of the stack that is there.
APP_NAME, BUCKET_NAME and REGION in the environment or in .env change what is deployed.`,
    )
    .argument('[functions...]', 'functions of s.yaml; without names the stack and all of them')
    .option('--dry-run', 'say what would be created, changed and left; change nothing')
    .addHelpText('after', '\nExit code: 0 when the cloud has what is declared, else 1.')
    .action(async (names: string[], { dryRun: dry, ...options }: Options) => {
      if (dry) {
        const { dryRun } = await import('../deploy/dry-run.ts');
        return dryRun(names, options, session);
      }
      const { deploy } = await import('../deploy/deploy.ts');
      await deploy(names, options, session, {
        lookAtBucket: ({ target }) => lookAtBucket(target, assumesYes(options, session), session),
      });
    });
}

async function lookAtBucket(
  { bucket, region, env }: Deployment['target'],
  yes: boolean,
  session: Session,
): Promise<void> {
  if (!bucket) return;
  const [{ askForBucket, checkBucket }, { confirm }] = await Promise.all([
    import('../deploy/bucket.ts'),
    import('../deploy/confirm.ts'),
  ]);
  const state = await askForBucket(bucket, region, env);
  const warn = (text: string) => complain(session, `warning: ${text}`);
  await checkBucket({ bucket, region, state }, { warn, ...(!yes && { confirm }) });
}
