import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { FcRuntime } from '../fc/runtime.ts';
import type { Identities } from '../identities/identities.ts';
import type { LocalCloudHooks } from '../local-cloud.ts';
import type { LocalCloudOptions } from '../options.ts';
import type { FunctionSpec } from '../project/types.ts';
import type { ObserveRequest } from '../requests/observe.ts';
import type { Watchdog } from '../watchdog.ts';
import { issueCredentials } from './credentials.ts';
import { eventSources, roleCheck } from './event-sources.ts';
import { onFreePort } from './free-port.ts';
import type { Services } from './services.ts';
import type { Started } from './started.ts';

export interface FunctionsOptions {
  clock: Clock;
  identities: Identities;
  region: string;
  host: string;
  services: Services;
  /** Variables of every function; FUNCTION_ENDPOINT is added before the first is deployed. */
  environment: Record<string, string>;
  options: LocalCloudOptions;
  hooks: LocalCloudHooks;
  watchdog: Watchdog;
  consoleUrl(): string | undefined;
  /** Called for each request; absent: requests are not observed. */
  observe?: ObserveRequest | undefined;
  say(line: string): void;
}

/** Starts Function Compute, whose code is loaded only here, with nothing deployed. */
export async function startFunctions(all: FunctionsOptions, started: Started): Promise<FcRuntime> {
  const { clock, identities, region, host, services, environment, options, hooks, watchdog, say } =
    all;
  const { tamper, onLog } = hooks;
  const { startRuntime } = await import('../fc/runtime.ts');
  const common = {
    clock,
    accountId: identities.accountId,
    region,
    host,
    environment,
    authority: identities,
    watchdog,
    sources: eventSources(services.smq.service, services.oss.service),
    checkRole: roleCheck(identities),
    ...(options.data !== undefined && { data: join(options.data, 'fc') }),
    ...(options.sync && { sync: true }),
    ...(options.defaultDomain && { defaultDomain: true }),
    ...(options.inspect && { inspect: options.inspect }),
    issueCredentials(fn: FunctionSpec, holder: string) {
      const issued = issueCredentials(identities, fn, holder);
      return issued && tamper ? tamper(issued) : issued;
    },
    ...(onLog && { onLog }),
    consoleUrl: () => all.consoleUrl(),
    ...(all.observe && { observeRequest: all.observe }),
  };
  const fc = await onFreePort('functions', 'fcPort', options, say, (port) =>
    startRuntime({ ...common, port }),
  );
  started.add(fc);
  environment.FUNCTION_ENDPOINT = fc.url;
  return fc;
}
