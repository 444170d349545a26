import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { ChooseFault } from '../faults.ts';
import type { Identities } from '../identities/identities.ts';
import type { DescribeAccount } from '../openapi/local.ts';
import { type OpenApiServer, startOpenApi } from '../openapi/server.ts';
import type { LocalCloudOptions } from '../options.ts';
import { type OssServer, startOss } from '../oss/server.ts';
import type { Project } from '../project/types.ts';
import type { ObserveRequest } from '../requests/observe.ts';
import { type SmqServer, startSmq } from '../smq/server.ts';
import { onFreePort } from './free-port.ts';
import type { Started } from './started.ts';

export interface ServicesOptions {
  clock: Clock;
  identities: Identities;
  region: string;
  host: string;
  faults: ChooseFault | undefined;
  project: Project | undefined;
  /** Options that only one service reads: ports, data, sync, strictHandles, resources. */
  options: LocalCloudOptions;
  /** Name of the role attached to the instance; absent: none. */
  instanceRole: string | undefined;
  describeAccount?: DescribeAccount | undefined;
  /** Called for each request; absent: requests are not observed. */
  observe?: ObserveRequest | undefined;
  /** Called when a service is not on its default port. */
  say(line: string): void;
}

export interface Services {
  smq: SmqServer;
  oss: OssServer;
  openapi: OpenApiServer;
}

/** Starts SMQ, OSS and the OpenAPIs, one at a time, each recorded in `started`. */
export async function startServices(
  { clock, identities, region, host, faults, project, options, ...rest }: ServicesOptions,
  started: Started,
): Promise<Services> {
  const { instanceRole, describeAccount, observe, say } = rest;
  const common = {
    clock,
    authority: identities,
    region,
    host,
    ...(faults && { faults }),
    ...(observe && { observe }),
  };
  const { data, sync = false, strictHandles = false } = options;
  const folder = (name: string) => (data === undefined ? {} : { data: join(data, name) });

  const smq = await onFreePort('SMQ', 'smqPort', options, say, (port) =>
    startSmq({ ...common, port, sync, strictHandles, ...folder('smq') }),
  );
  started.add(smq);
  const oss = await onFreePort('OSS', 'ossPort', options, say, (port) =>
    startOss({ ...common, port, sync, ...folder('oss') }),
  );
  started.add(oss);
  const openapi = await onFreePort('STS, OpenAPI', 'openapiPort', options, say, (port) =>
    startOpenApi({
      ...common,
      identities,
      port,
      mpaas: { vhosts: vhostsOf(project) },
      ...(instanceRole !== undefined && { instanceRole }),
      ...(describeAccount && { describeAccount }),
    }),
  );
  started.add(openapi);
  return { smq, oss, openapi };
}

/** Returns the variables by which clients find the services. */
export function endpointsOf({ smq, oss, openapi }: Services): Record<string, string> {
  return {
    SMQ_ENDPOINT: smq.url,
    OSS_ENDPOINT: oss.url,
    STS_ENDPOINT: openapi.url,
    MPAAS_ENDPOINT: openapi.url,
  };
}

/** Returns the virtual hosts of the apps that the functions query, for the local mPaaS. */
function vhostsOf(project: Project | undefined): Record<string, string> {
  const apps = (project?.functions ?? []).flatMap(
    ({ environmentVariables: { MPAAS_APP_ID } }) => MPAAS_APP_ID ?? [],
  );
  return Object.fromEntries(apps.map((app) => [app, `https://${app.toLowerCase()}.h5app.example`]));
}
