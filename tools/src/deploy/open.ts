import type { Account } from '../cloud/account.ts';
import type { Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { functionsIn, type Preview, previewOf } from '../deploy-tool/preview.ts';
import { type Access, handOver, resolveAccess } from './access.ts';
import type { DeployOptions } from './options.ts';
import { readTarget, type Target } from './target.ts';

/** A project, and the account that it is or will be deployed to. */
export interface Deployment {
  project: string;
  target: Target;
  preview: Preview;
  account: Account;
  /** Where the credential was found. */
  source: string;
  /**
   * Returns, for the deploy tool, the argument that names the credential, and the variables. A temporary
   * credential is renewed if its source can do that.
   */
  forTool(): Promise<{ args: string[]; env: NodeJS.ProcessEnv }>;
}

/**
 * Reads the project as it is deployed, with the credential for it. Throws UsageError and LocalCloudError
 * before anything is sent, except to STS, which is asked for an account id that is not given.
 */
export async function openDeployment(
  options: Pick<DeployOptions, 'env' | 'access'>,
  { project, env: shell }: Pick<Session, 'project' | 'env'>,
): Promise<Deployment> {
  const target = await readTarget(project, options.env, shell);
  const { region, env } = target;
  const access: Access = await resolveAccess({
    project,
    chosen: options.access,
    alias: target.access,
    region,
    env,
  });
  const { accountId, credentials, source } = access;
  return {
    project,
    target,
    preview: await previewOf(project, options.env, shell),
    account: { accountId, region, credentials, env },
    source,
    forTool: () => handOver(access, { project, env: shell }),
  };
}

/** Throws UsageError for a name that is not one of the project's functions. */
export function requireFunctions(preview: Preview, names: readonly string[]): void {
  const known = Object.keys(functionsIn(preview));
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new UsageError(`"${wrong}" is not a function; there are ${known.join(', ')}`);
}

/** Returns the functions of these names, by key; without names, all of them. */
export function chosenFunctions(preview: Preview, names: readonly string[]) {
  requireFunctions(preview, names);
  const all = Object.entries(functionsIn(preview));
  return Object.fromEntries(all.filter(([key]) => names.length === 0 || names.includes(key)));
}
