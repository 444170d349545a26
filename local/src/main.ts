import { realClock } from './clock.ts';
import { holdDataFolder } from './data-folder.ts';
import { randomFaults } from './faults.ts';
import type { LocalCloudHooks, RunningCloud } from './local-cloud.ts';
import { DEFAULTS, type LocalCloudOptions } from './options.ts';
import type { ReadProjectOptions } from './project/project.ts';
import { allResources } from './resources.ts';
import { openAccount } from './start/account.ts';
import { openConsole } from './start/console.ts';
import { functionOf, issueCredentials } from './start/credentials.ts';
import { startFunctions } from './start/functions.ts';
import { endpointsOf, startServices } from './start/services.ts';
import { Started } from './start/started.ts';

export type { LocalCloudHooks, RunningCloud as LocalCloud } from './local-cloud.ts';

/**
 * Starts the account that the project's s.yaml and its template describe: users and roles, then SMQ,
 * OSS and the OpenAPIs with their queues and buckets, then the functions, then the console. Throws
 * LocalCloudError for what a person can put right; what had been started is stopped again.
 */
export async function startLocalCloud(
  options: LocalCloudOptions = {},
  hooks: LocalCloudHooks = {},
): Promise<RunningCloud> {
  const { host, accountId, accessKeyId, accessKeySecret, region } = { ...DEFAULTS, ...options };
  const { clock = realClock } = hooks;
  const faults = hooks.faults ?? (options.faults && randomFaults(options.faults));
  const started = new Started();

  try {
    const project = options.project
      ? await openProject(options.project, { accountId, region, ...variables(options) })
      : undefined;
    const resources = allResources(project, options.resources);
    const { roles } = resources;
    const account = { clock, accountId, accessKeyId, accessKeySecret, roles };
    const identities = openAccount({ ...account, resources: options.resources ?? {} });

    if (options.data !== undefined) started.add(await holdDataFolder(options.data));
    const common = { clock, identities, region, host, options };
    const services = await startServices({ ...common, faults, project }, started);
    await services.smq.service.apply(resources);
    await services.oss.service.apply(resources);

    const environment = endpointsOf(services);
    const fc =
      project && options.functions !== false
        ? await startFunctions({ ...common, project, services, environment, hooks }, started)
        : undefined;
    const page = options.console
      ? await openConsole({ ...common, project, services, environment, fc }, started)
      : undefined;

    return {
      project,
      accountId,
      region,
      accessKey: { accessKeyId, accessKeySecret },
      identities,
      ...services,
      fc,
      console: page,
      environment,
      credentialsOf(name) {
        const fn = functionOf(project, name);
        const issued = fn && issueCredentials(identities, fn, 'local');
        if (!issued) throw new Error(`No function "${name}" with a role in s.yaml`);
        return issued;
      },
      close: () => started.close(),
    };
  } catch (error) {
    await started.close();
    throw error;
  }
}

/** What reads YAML is loaded only for a project: services alone start faster so. */
async function openProject(dir: string, options: Omit<ReadProjectOptions, 'dir'>) {
  const { readProject } = await import('./project/project.ts');
  return readProject({ dir, ...options });
}

/** Whoever gives variables of their own wants no others. */
function variables({ env }: LocalCloudOptions): Pick<ReadProjectOptions, 'env' | 'dotEnv'> {
  return env ? { env, dotEnv: false } : {};
}
