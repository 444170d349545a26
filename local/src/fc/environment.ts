import { dirname } from 'node:path';
import type { FunctionSpec } from '../project/types.ts';
import type { ContextCredentials } from './context.ts';

export interface EnvironmentOptions {
  fn: FunctionSpec;
  accountId: string;
  region: string;
  instanceId: string;
  /** The instance's own HOME, so that nothing is read from the developer's. */
  home: string;
  /** What the local cloud adds over the function's own variables. */
  added: Record<string, string>;
  /** The role's credential at the instance's start. */
  credentials: ContextCredentials | undefined;
}

/** The whole environment of an instance: nothing of the developer's own gets in but where Node is, and on Windows what Node cannot start without. The time zone is UTC, as in Function Compute, unless the function sets TZ. */
export function instanceEnvironment(options: EnvironmentOptions): Record<string, string> {
  const { fn, credentials } = options;
  return {
    ...platformEnvironment(),
    HOME: options.home,
    TZ: 'UTC',
    ...fn.environmentVariables,
    ...options.added,
    FC_FUNC_CODE_PATH: fn.codeDir,
    FC_ACCOUNT_ID: options.accountId,
    FC_FUNCTION_HANDLER: fn.handler,
    FC_FUNCTION_MEMORY_SIZE: String(fn.memorySize),
    FC_FUNCTION_NAME: fn.name,
    FC_REGION: options.region,
    FC_INSTANCE_ID: options.instanceId,
    FC_VER_ID: 'LATEST',
    ...present('ALIBABA_CLOUD_ACCESS_KEY_ID', credentials?.accessKeyId),
    ...present('ALIBABA_CLOUD_ACCESS_KEY_SECRET', credentials?.accessKeySecret),
    ...present('ALIBABA_CLOUD_SECURITY_TOKEN', credentials?.securityToken),
  };
}

function platformEnvironment(): Record<string, string> {
  const node = dirname(process.execPath);
  if (process.platform !== 'win32') return { PATH: `${node}:/usr/local/bin:/usr/bin:/bin` };
  const { SystemRoot = 'C:\\Windows', TEMP = `${SystemRoot}\\Temp` } = process.env;
  return { PATH: `${node};${SystemRoot}\\System32;${SystemRoot}`, SystemRoot, TEMP, TMP: TEMP };
}

function present(name: string, value: string | undefined): Record<string, string> {
  return value ? { [name]: value } : {};
}
