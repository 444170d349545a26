import type { Command } from 'commander';
import type { Session } from '../command-line/io.ts';
import { environmentOption, toolEnvironment } from '../deploy/options.ts';

interface Options {
  env?: string;
  debug?: boolean;
}

/** Shows s.yaml with everything filled in. */
export function definePreview(command: Command, session: Session): void {
  environmentOption(command)
    .option('--debug', 'show what s does')
    .summary('show s.yaml with everything filled in')
    .description(
      `Shows s.yaml with everything filled in, as the deploy tool, s, takes it. Needs no account.
APP_NAME, BUCKET_NAME and REGION in the environment or in .env change what is shown.`,
    )
    .action(async (options: Options) => {
      const { project, env } = session;
      const [{ readTarget }, { showDeployTool }] = await Promise.all([
        import('../deploy/target.ts'),
        import('../deploy-tool/run-deploy-tool.ts'),
      ]);
      await readTarget(project, options.env, env);
      const quiet = options.debug ? '--debug' : '--silent';
      const args = ['preview', quiet, ...toolEnvironment(options)];
      session.exitCode = await showDeployTool(project, args, session);
    });
}
