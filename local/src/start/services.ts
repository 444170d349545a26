import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { ChooseFault } from '../faults.ts';
import type { Identities } from '../identities/identities.ts';
import { type OpenApiServer, startOpenApi } from '../openapi/server.ts';
import type { LocalCloudOptions } from '../options.ts';
import { type OssServer, startOss } from '../oss/server.ts';
import type { Project } from '../project/types.ts';
import { type SmqServer, startSmq } from '../smq/server.ts';
import type { Started } from './started.ts';

export interface ServicesOptions {
  clock: Clock;
  identities: Identities;
  region: string;
  host: string;
  faults: ChooseFault | undefined;
  project: Project | undefined;
  /** Those that only one service reads: ports, data, strictHandles, resources. */
  options: LocalCloudOptions;
}

export interface Services {
  smq: SmqServer;
  oss: OssServer;
  openapi: OpenApiServer;
}

/** Starts SMQ, OSS and the OpenAPIs, one after another, each noted in `started`. */
export async function startServices(
  { clock, identities, region, host, faults, project, options }: ServicesOptions,
  started: Started,
): Promise<Services> {
  const common = { clock, authority: identities, region, host, ...(faults && { faults }) };
  const { smqPort, ossPort, openapiPort, data, strictHandles = false, resources } = options;
  const folder = (name: string) => (data === undefined ? {} : { data: join(data, name) });

  const smq = await startSmq({ ...common, port: smqPort ?? 0, strictHandles, ...folder('smq') });
  started.add(smq);
  const oss = await startOss({ ...common, port: ossPort ?? 0, ...folder('oss') });
  started.add(oss);
  const openapi = await startOpenApi({
    ...common,
    identities,
    port: openapiPort ?? 0,
    mpaas: { vhosts: vhostsOf(project) },
    ...(resources?.instanceRole && { instanceRole: resources.instanceRole }),
  });
  started.add(openapi);
  return { smq, oss, openapi };
}

/** The variables by which clients find the services. */
export function endpointsOf({ smq, oss, openapi }: Services): Record<string, string> {
  return {
    SMQ_ENDPOINT: smq.url,
    OSS_ENDPOINT: oss.url,
    STS_ENDPOINT: openapi.url,
    MPAAS_ENDPOINT: openapi.url,
  };
}

/** The local mPaaS knows the apps that the functions ask for. */
function vhostsOf(project: Project | undefined): Record<string, string> {
  const apps = (project?.functions ?? []).flatMap(
    ({ environmentVariables: { MPAAS_APP_ID } }) => MPAAS_APP_ID ?? [],
  );
  return Object.fromEntries(apps.map((app) => [app, `https://${app.toLowerCase()}.h5app.example`]));
}
