import type { Command } from 'commander';
import { print, type Session } from '../command-line/io.ts';
import { environmentOption, toolEnvironment } from '../deploy/options.ts';

interface Options {
  env?: string;
  debug?: boolean;
}

/** Defines `preview`: shows s.yaml with everything filled in. */
export function definePreview(command: Command, session: Session): void {
  environmentOption(command)
    .option('--debug', 'show what s does')
    .summary('show s.yaml with everything filled in')
    .description(
      `Shows s.yaml with everything filled in, as the deploy tool, s, takes it; an output of a stack, which
only a deployment knows, by its name. Needs no account. APP_NAME, BUCKET_NAME, REGION and HTTP_AUTH in
the environment or in .env change what is shown.`,
    )
    .action(async (options: Options) => {
      const { project, env } = session;
      const { readTarget } = await import('../deploy/target.ts');
      await readTarget(project, options.env, env);
      if (options.debug) {
        const { showDeployTool } = await import('../deploy-tool/run-deploy-tool.ts');
        const args = ['preview', '--debug', ...toolEnvironment(options)];
        session.exitCode = await showDeployTool(project, 'preview', args, session);
        return;
      }
      const [{ previewOf }, { withOutputs }, { stringify }] = await Promise.all([
        import('../deploy-tool/preview.ts'),
        import('../deploy/outputs.ts'),
        import('yaml'),
      ]);
      const preview = await previewOf(project, options.env, env);
      const named = withOutputs(preview, (resource, name) => `<${name} of ${resource}>`);
      print(session, stringify(named, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd());
    });
}
