import type { Session } from '../command-line/io.ts';
import { showDeployTool } from '../deploy-tool/run-deploy-tool.ts';
import { toolFile, withToolFile } from '../deploy-tool/tool-file.ts';
import { chosenFunctions, openDeployment } from './open.ts';
import type { DeployOptions } from './options.ts';
import { withOutputs } from './outputs.ts';

/**
 * Has the deploy tool describe the named functions, or all of them. Resolves to its exit code. Throws
 * UsageError and LocalCloudError before it is run.
 */
export async function showInfo(
  names: readonly string[],
  options: DeployOptions,
  session: Session,
): Promise<number> {
  const deployment = await openDeployment(options, session);
  const { args, env } = await deployment.forTool();
  const functions = chosenFunctions(deployment.preview, names);
  const file = toolFile(
    session.project,
    withOutputs(functions, () => 'unknown') as typeof functions,
    'default',
  );
  return withToolFile(file, (path) => {
    const one = names.length === 1 ? names : [];
    const debug = options.debug ? ['--debug'] : [];
    const call = [...one, 'info', '-t', path, ...args, ...debug];
    return showDeployTool(session.project, 'info', call, { ...session, env });
  });
}
