import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, realClock } from './clock.ts';
import type { ConsoleServer } from './console/server.ts';
import { holdDataFolder } from './data-folder.ts';
import { eventSources, roleCheck } from './event-sources.ts';
import { type ChooseFault, randomFaults } from './faults.ts';
import type { ContextCredentials } from './fc/context.ts';
import { type FcRuntime, type LogLine, startRuntime } from './fc/runtime.ts';
import { ADMINISTRATOR_ACCESS } from './identities/administrator-access.ts';
import { FUNCTION_TOKEN_SECONDS, Identities } from './identities/identities.ts';
import type { TemporaryCredentials } from './identities/types.ts';
import { type OpenApiServer, startOpenApi } from './openapi/server.ts';
import { DEFAULTS, type LocalCloudOptions } from './options.ts';
import { type OssServer, startOss } from './oss/server.ts';
import { readProject } from './project/project.ts';
import type { FunctionSpec, Project } from './project/types.ts';
import { type SmqServer, startSmq } from './smq/server.ts';

/** What a test or a tool sets besides the options a person gives. */
export interface LocalCloudHooks {
  clock?: Clock;
  /** Each line a function prints. */
  onLog?(line: LogLine): void;
  /** Changes the credential an invocation gets: to see what a wrong one does. */
  tamper?(credentials: TemporaryCredentials): ContextCredentials;
  /** Chooses what goes wrong with each request to SMQ, OSS and the OpenAPIs, instead of the option of that name. */
  faults?: ChooseFault;
}

/** A running account: its services, its functions, its roles. */
export interface LocalCloud {
  project: Project | undefined;
  accountId: string;
  region: string;
  /** Key pair of the RAM user who may do everything. The account's own pair is handed to nobody, as it should be. */
  accessKey: { accessKeyId: string; accessKeySecret: string };
  identities: Identities;
  smq: SmqServer;
  oss: OssServer;
  openapi: OpenApiServer;
  /** Absent when the functions were left out. */
  fc: FcRuntime | undefined;
  /** Absent unless it was asked for. */
  console: ConsoleServer | undefined;
  /** The variables by which clients find this cloud; every function has them in its environment. */
  environment: Record<string, string>;
  /** A fresh credential of the role of that function (by its name or its key in s.yaml), as FC would hand it. */
  credentialsOf(functionName: string): TemporaryCredentials;
  close(): Promise<void>;
}

/** Starts the account that the project's s.yaml and infra/template.yaml describe. Throws LocalCloudError for what a person can mend; what had been started is stopped again. */
export async function startLocalCloud(
  options: LocalCloudOptions = {},
  { clock = realClock, onLog, tamper, faults }: LocalCloudHooks = {},
): Promise<LocalCloud> {
  const { host, accountId, accessKeyId, accessKeySecret, region, data } = {
    ...DEFAULTS,
    data: undefined,
    ...options,
  };
  const started: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const service of started.splice(0).reverse()) await service.close();
  };

  try {
    const project =
      options.project === undefined
        ? undefined
        : await readProject({ dir: options.project, accountId, region });

    const identities = new Identities({ clock, accountId, ...unknownPair() });
    identities.defineUser({
      name: 'local',
      accessKeyId,
      accessKeySecret,
      policies: [ADMINISTRATOR_ACCESS],
    });
    for (const role of project?.roles ?? []) identities.defineRole(role);

    const choose = faults ?? (options.faults && randomFaults(options.faults));
    const faulty = choose ? { faults: choose } : {};
    if (data !== undefined) started.push(await holdDataFolder(data));
    const common = { clock, authority: identities, region, host, ...faulty };
    const folder = (name: string) => (data === undefined ? {} : { data: join(data, name) });
    const smq = await startSmq({
      ...common,
      port: options.smqPort ?? 0,
      ...folder('smq'),
      ...(options.strictHandles && { strictHandles: true }),
    });
    started.push(smq);
    const oss = await startOss({ ...common, port: options.ossPort ?? 0, ...folder('oss') });
    started.push(oss);
    const openapi = await startOpenApi({
      clock,
      identities,
      region,
      host,
      port: options.openapiPort ?? 0,
      mpaas: { vhosts: vhostsOf(project) },
      ...faulty,
    });
    started.push(openapi);
    if (project) {
      await smq.service.apply(project);
      await oss.service.apply(project);
    }

    const environment: Record<string, string> = {
      SMQ_ENDPOINT: smq.url,
      OSS_ENDPOINT: oss.url,
      STS_ENDPOINT: openapi.url,
      MPAAS_ENDPOINT: openapi.url,
    };
    const issue = (
      { role }: FunctionSpec,
      sessionName: string,
    ): TemporaryCredentials | undefined =>
      role === undefined
        ? undefined
        : identities.assumeRole({ role, sessionName, durationSeconds: FUNCTION_TOKEN_SECONDS });

    let fc: FcRuntime | undefined;
    if (project && options.functions !== false) {
      fc = await startRuntime({
        clock,
        accountId,
        region,
        host,
        port: options.fcPort ?? 0,
        environment,
        authority: identities,
        sources: eventSources(smq.service, oss.service),
        checkRole: roleCheck(identities),
        ...(options.inspect && { inspect: options.inspect }),
        issueCredentials(fn, requestId) {
          const issued = issue(fn, requestId);
          return issued && tamper ? tamper(issued) : issued;
        },
        ...(onLog && { onLog }),
      });
      started.push(fc);
      environment.FUNCTION_ENDPOINT = fc.url;
      for (const fn of project.functions) await fc.deploy(fn);
    }

    let page: ConsoleServer | undefined;
    if (options.console) {
      const { startConsole } = await import('./console/server.ts'); // tests do without
      const functions = fc && project ? project.functions : [];
      const services = { smq: smq.service, oss: oss.service, identities, fc, functions };
      page = await startConsole({
        account: { clock, accountId, region, environment, ...services },
        host,
        port: options.consolePort ?? 0,
      });
      started.push(page);
    }

    return {
      project,
      accountId,
      region,
      accessKey: { accessKeyId, accessKeySecret },
      identities,
      smq,
      oss,
      openapi,
      fc,
      console: page,
      environment,
      credentialsOf(name) {
        const fn = project?.functions.find((one) => one.name === name || one.resource === name);
        const issued = fn && issue(fn, 'local');
        if (!issued) throw new Error(`No function "${name}" with a role in s.yaml`);
        return issued;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A key pair for the account's owner that nobody knows. */
function unknownPair(): { accessKeyId: string; accessKeySecret: string } {
  return { accessKeyId: `owner-${randomUUID()}`, accessKeySecret: randomUUID() };
}

/** The local mPaaS knows the apps that the functions ask for. */
function vhostsOf(project: Project | undefined): Record<string, string> {
  const apps = (project?.functions ?? []).flatMap(
    ({ environmentVariables: { MPAAS_APP_ID } }) => MPAAS_APP_ID ?? [],
  );
  return Object.fromEntries(apps.map((app) => [app, `https://${app.toLowerCase()}.h5app.example`]));
}
