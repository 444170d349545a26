export { LocalCloudError } from './errors.ts';
export type { ChooseFault, Fault, FaultTarget } from './faults.ts';
export type { FcRuntime, InvocationResult, LogLine } from './fc/runtime.ts';
export { type LocalCloud, type LocalCloudHooks, startLocalCloud } from './main.ts';
export { DEFAULTS, type LocalCloudOptions } from './options.ts';
