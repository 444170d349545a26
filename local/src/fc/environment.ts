import { delimiter, dirname, join } from 'node:path';
import type { FunctionSpec } from '../project/types.ts';
import type { ContextCredentials } from './context.ts';
import { programPath } from './custom/custom-command.ts';

export interface EnvironmentOptions {
  fn: FunctionSpec;
  accountId: string;
  region: string;
  instanceId: string;
  /** The instance's own HOME, so that nothing of the developer's is read. */
  home: string;
  /** Variables that the local cloud sets over the function's own. */
  added: Record<string, string>;
  /** The role's credential at the instance's start. */
  credentials: ContextCredentials | undefined;
}

/**
 * Returns the whole environment of an instance: of the developer's own only the path of Node, and
 * on Windows the variables without which Node cannot start. The time zone is UTC, as in Function
 * Compute, unless the function sets TZ.
 */
export function instanceEnvironment(options: EnvironmentOptions): Record<string, string> {
  const { fn, credentials } = options;
  return {
    ...platformEnvironment(fn),
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

function platformEnvironment(fn: FunctionSpec): Record<string, string> {
  const PATH = systemPath(fn);
  if (process.platform !== 'win32') return { PATH };
  const { SystemRoot = 'C:\\Windows', TEMP = `${SystemRoot}\\Temp` } = process.env;
  return { PATH, SystemRoot, TEMP, TMP: TEMP };
}

/**
 * Returns the PATH of an instance, unless the function sets it. A custom runtime also finds the
 * programs of this machine's user.
 */
export function systemPath({ runtimeKind, environmentVariables }: FunctionSpec): string {
  if (environmentVariables.PATH !== undefined) return environmentVariables.PATH;
  const { SystemRoot = 'C:\\Windows' } = process.env;
  const system =
    process.platform === 'win32'
      ? [join(SystemRoot, 'System32'), SystemRoot]
      : ['/usr/local/bin', '/usr/bin', '/bin'];
  const own = [dirname(process.execPath), ...system].join(delimiter);
  return runtimeKind === 'custom' ? programPath(own) : own;
}

function present(name: string, value: string | undefined): Record<string, string> {
  return value ? { [name]: value } : {};
}
