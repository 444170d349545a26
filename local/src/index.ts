import type { LocalCloud, LocalCloudHooks } from './local-cloud.ts';
import { startLocalCloud as start } from './main.ts';
import type { LocalCloudOptions } from './options.ts';

export { type Addresses, addresses, debuggerLine, formatAddresses } from './cli/addresses.ts';
export { untilStopped } from './cli/until-stopped.ts';
export { type Clock, realClock, type Timer } from './clock.ts';
export { LocalCloudError } from './errors.ts';
export {
  type ChooseFault,
  FAULTS,
  type Fault,
  type FaultTarget,
  type RandomFaults,
  randomFaults,
} from './faults.ts';
export type { ContextCredentials, FunctionContext, FunctionLogger } from './fc/context.ts';
export type { ObservedInvocation } from './fc/local-api.ts';
export type {
  ErrorType,
  FcRuntime,
  InvocationResult,
  InvokeOptions,
  LogLine,
} from './fc/runtime.ts';
export type { TemporaryCredentials } from './identities/types.ts';
export type { LocalCloud, LocalCloudHooks, Service } from './local-cloud.ts';
export { DEFAULTS, type LocalCloudOptions, type PortOption } from './options.ts';
export type {
  CreatedResource,
  FunctionSpec,
  LeftOut,
  Project,
  RoleSpec,
} from './project/types.ts';
export type { MadeResources, Resources } from './resources.ts';

/**
 * Starts the local cloud in this process: SMQ, OSS, STS and, with a project, its functions and
 * their triggers, each service on a free port of 127.0.0.1 unless the options say otherwise. Throws
 * LocalCloudError, with file and line where they are known, for a project that cannot run here, a
 * port that is taken and a folder that cannot be used; started services are stopped again.
 */
export function startLocalCloud(
  options: LocalCloudOptions = {},
  hooks: LocalCloudHooks = {},
): Promise<LocalCloud> {
  return start(options, hooks);
}
