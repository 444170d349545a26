import type { Command } from 'commander';
import { complain, type Session } from '../command-line/io.ts';
import {
  accountOptions,
  assumesYes,
  type DeployOptions,
  toolEnvironment,
  toolOptions,
} from '../deploy/options.ts';

/** Deploys the stack and the functions. */
export function defineDeploy(command: Command, session: Session): void {
  accountOptions(command)
    .summary('create or update the stack and the functions')
    .description(
      `Looks at environment, names, region, key pair and bucket, then has the deploy tool, s, build the
functions, create or update the stack, and then the functions; what has not changed is skipped.
APP_NAME, BUCKET_NAME and REGION in the environment or in .env change what is deployed.`,
    )
    .action(async (options: DeployOptions) => {
      const [{ readTarget }, { requireAccess }, { showDeployTool }] = await Promise.all([
        import('../deploy/target.ts'),
        import('../deploy/access.ts'),
        import('../deploy-tool/run-deploy-tool.ts'),
      ]);
      const target = await readTarget(session.project, options.env, session.env);
      const access = options.access ?? target.access;
      requireAccess(access, target.env);
      await lookAtBucket(target, assumesYes(options, session), session);
      const args = ['deploy', ...toolEnvironment(options), '--access', access];
      session.exitCode = await showDeployTool(
        session.project,
        [...args, ...toolOptions(options, session)],
        session,
      );
    });
}

async function lookAtBucket(
  { bucket, region }: { bucket: string | undefined; region: string },
  yes: boolean,
  session: Session,
): Promise<void> {
  if (!bucket) return;
  const [{ askForBucket, checkBucket }, { confirm }] = await Promise.all([
    import('../deploy/bucket.ts'),
    import('../deploy/confirm.ts'),
  ]);
  const state = await askForBucket(bucket, region);
  const warn = (text: string) => complain(session, `warning: ${text}`);
  await checkBucket({ bucket, region, state }, { warn, ...(!yes && { confirm }) });
}
