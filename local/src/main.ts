import { realClock } from './clock.ts';
import type { ConsoleServer } from './console/server.ts';
import { holdDataFolder } from './data-folder.ts';
import { FaultSwitch } from './fault-switch.ts';
import type { LocalCloudHooks, RunningCloud } from './local-cloud.ts';
import { DEFAULTS, type LocalCloudOptions } from './options.ts';
import { RequestLog } from './requests/request-log.ts';
import { allResources } from './resources.ts';
import { openAccount, ownerPair } from './start/account.ts';
import { CLOUD_ID, CONSOLE_ENDPOINT, writeAddresses } from './start/addresses-file.ts';
import { openConsole } from './start/console.ts';
import {
  type CredentialMethods,
  defineCredentialMethods,
  keepCredentialMethods,
} from './start/credential-methods.ts';
import { functionOf, issueCredentials } from './start/credentials.ts';
import { Deployment } from './start/deployment.ts';
import { startFunctions } from './start/functions.ts';
import { checkInspected } from './start/inspected.ts';
import { projectReader } from './start/project-reader.ts';
import { fileTime, reloadSoon } from './start/reload-soon.ts';
import { endpointsOf, startServices } from './start/services.ts';
import { Started } from './start/started.ts';
import { Watchdog } from './watchdog.ts';

export type { LocalCloudHooks, RunningCloud as LocalCloud } from './local-cloud.ts';

/**
 * Starts the account that the project's s.yaml and its template describe: users and roles, then
 * SMQ, OSS and the OpenAPIs with their queues and buckets, then the functions, then the console.
 * Throws LocalCloudError for errors that the user can fix; started services are stopped again.
 */
export async function startLocalCloud(
  options: LocalCloudOptions = {},
  hooks: LocalCloudHooks = {},
): Promise<RunningCloud> {
  const { host, accountId, accessKeyId, accessKeySecret, region } = { ...DEFAULTS, ...options };
  const { clock = realClock } = hooks;
  const say = hooks.onProgress ?? (() => {});
  const faults = new FaultSwitch(options.faults, hooks.faults);
  const { stopped } = hooks;
  const started = new Started();
  const watchdog = new Watchdog();
  started.add(watchdog);

  try {
    const reader = projectReader(options, { accountId, region });
    const project = await reader?.read();
    checkInspected(project, options.inspect);
    const resources = allResources(project, options.resources, options.made);
    const { roles } = resources;
    const owner = ownerPair();
    const account = { clock, accountId, accessKeyId, accessKeySecret, roles, owner };
    const identities = openAccount({ ...account, resources: options.resources ?? {} });
    const methods = options.credentialMethods ? defineCredentialMethods(identities) : undefined;
    const instanceRole = options.resources?.instanceRole ?? methods?.instanceRole;
    let describe: ((functionName?: string) => CredentialMethods) | undefined;

    if (options.data !== undefined) started.add(await holdDataFolder(options.data));
    // Only the console shows them.
    const requests = options.console ? new RequestLog() : undefined;
    const observe = requests?.add.bind(requests);
    const common = { clock, identities, region, host, options, say, observe };
    const describeAccount = methods && ((functionName?: string) => describe?.(functionName));
    const ofAccount = {
      faults: options.console || faults.isOn ? faults.choose : undefined,
      project,
      instanceRole,
      describeAccount,
    };
    const services = await startServices({ ...common, ...ofAccount }, started);
    await services.smq.service.apply(resources);
    await services.oss.service.apply(resources);

    const environment = endpointsOf(services);
    if (methods) {
      const kept = await keepCredentialMethods({
        clock,
        identities,
        region,
        ...methods,
        user: { accessKeyId, accessKeySecret },
        owner,
        environment,
        project,
        data: options.data,
        watchdog,
      });
      started.add(kept);
      describe = kept.describe;
    }

    let page: ConsoleServer | undefined;
    const consoleUrl = (): string | undefined => page?.url;
    const fc =
      project && options.functions !== false
        ? await startFunctions(
            { ...common, services, environment, hooks, watchdog, consoleUrl },
            started,
          )
        : undefined;
    let deployment: Deployment | undefined;
    let deployedAt = 0;
    if (project && fc) {
      deployment = new Deployment(project, fc, options.strict === true);
      const build = options.build
        ? (await import('./build/step-runner.ts')).stepRunner({
            say,
            verbose: options.verbose === true,
            stopped,
            watchdog,
          })
        : undefined;
      for (const fn of deployment.declared) {
        const failure = await build?.(fn);
        stopped?.throwIfAborted();
        await deployment.deploy(fn, failure);
      }
      if (options.reload) deployedAt = fileTime();
      fc.resume();
    }
    if (requests)
      page = await openConsole(
        { ...common, project, services, environment, fc, requests, faults },
        started,
      );
    if (options.data !== undefined) {
      const addresses = {
        ...environment,
        ...(page && { [CONSOLE_ENDPOINT]: page.url, [CLOUD_ID]: page.id }),
      };
      started.add(await writeAddresses(options.data, addresses));
    }
    stopped?.throwIfAborted();
    if (project && deployment && options.reload && reader) {
      const all = { ...common, reader, project, deployment, services, watchdog };
      started.add(reloadSoon(all, deployedAt));
    }

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
