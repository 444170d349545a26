import type { Clock } from '../clock.ts';
import type { ConsoleServer } from '../console/server.ts';
import type { FaultSwitch } from '../fault-switch.ts';
import type { FcRuntime } from '../fc/runtime.ts';
import type { Identities } from '../identities/identities.ts';
import { DEFAULTS, type LocalCloudOptions } from '../options.ts';
import type { Project } from '../project/types.ts';
import type { RequestLog } from '../requests/request-log.ts';
import { onFreePort } from './free-port.ts';
import type { Services } from './services.ts';
import type { Started } from './started.ts';

export interface ConsoleOptions {
  clock: Clock;
  identities: Identities;
  region: string;
  host: string;
  project: Project | undefined;
  services: Services;
  environment: Record<string, string>;
  fc: FcRuntime | undefined;
  requests: RequestLog;
  options: LocalCloudOptions;
  faults: FaultSwitch;
  say(line: string): void;
}

/**
 * Starts the console, the page that shows the account's contents. Its code is loaded only here:
 * most tests do not need it.
 */
export async function openConsole(all: ConsoleOptions, started: Started): Promise<ConsoleServer> {
  const { clock, identities, region, host, project, services, environment, fc, options } = all;
  const { requests, say } = all;
  const { startConsole } = await import('../console/server.ts');
  const account = {
    clock,
    accountId: identities.accountId,
    region,
    environment,
    faults: all.faults,
    accessKeyId: options.accessKeyId ?? DEFAULTS.accessKeyId,
    smq: services.smq.service,
    oss: services.oss.service,
    identities,
    requests,
    fc,
    functions: fc && project ? project.functions : [],
    leftOut: fc && project ? (project.leftOut ?? []) : [],
  };
  const page = await onFreePort('console', 'consolePort', options, say, (port) =>
    startConsole({ account, host, port }),
  );
  started.add(page);
  return page;
}
