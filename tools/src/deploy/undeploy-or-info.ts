import type { Session } from '../command-line/io.ts';
import { previewOf } from '../deploy-tool/preview.ts';
import { showDeployTool } from '../deploy-tool/run-deploy-tool.ts';
import { requireAccess } from './access.ts';
import { onDeployed } from './on-deployed.ts';
import { type DeployOptions, toolOptions } from './options.ts';
import { readTarget } from './target.ts';

/** Has the deploy tool tell of, or remove, the named functions or everything; resolves with its exit code. Throws UsageError and LocalCloudError before it is run. */
export async function undeployOrInfo(
  command: 'info' | 'remove',
  names: readonly string[],
  options: DeployOptions,
  session: Session,
): Promise<number> {
  const { project, env } = session;
  const target = await readTarget(project, options.env, env);
  const access = options.access ?? target.access;
  requireAccess(access, target.env);
  return onDeployed(command, {
    preview: await previewOf(project, options.env, env),
    access,
    names,
    args: command === 'remove' ? toolOptions(options, session) : options.debug ? ['--debug'] : [],
    run: (args) => showDeployTool(project, args, session),
  });
}
